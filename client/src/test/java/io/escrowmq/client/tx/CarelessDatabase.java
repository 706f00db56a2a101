package io.escrowmq.client.tx;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** Data sources as users configure them. */
final class CarelessDatabase {

  private CarelessDatabase() {}

  /** Connections that see what others have not committed, and do not commit by themselves. */
  static DataSource readingUncommitted(DataSource source) {
    return (DataSource) Proxy.newProxyInstance(
        CarelessDatabase.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> {
          try {
            Object result = method.invoke(source, arguments);
            if (result instanceof Connection connection) {
              connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
              connection.setAutoCommit(false);
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
