package io.escrowmq.client.tx;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** A connection whose transaction is ended by somebody else than its user. */
final class GuardedConnection {

  private static final Set<String> ENDING = Set.of("commit", "setAutoCommit", "abort");

  private GuardedConnection() {}

  /** The same connection: to close it does nothing, to end its transaction is refused. */
  static Connection of(Connection connection) {
    return (Connection) Proxy.newProxyInstance(
        GuardedConnection.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> {
          String name = method.getName();
          boolean whole = name.equals("rollback") && method.getParameterCount() == 0;
          if (whole || ENDING.contains(name)) {
            throw new SQLException("this transaction is ended for you: " + name
                + " is not for here; return to commit, throw to roll back");
          }
          if (name.equals("close")) {
            return null;
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        });
  }
}
