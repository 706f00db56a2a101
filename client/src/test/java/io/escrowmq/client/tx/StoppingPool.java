package io.escrowmq.client.tx;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/**
 * A real database behind a pool that keeps its connections open, and whose driver stops, when the test
 * wants it, in a call: it has been asked, and has not yet asked the database. Any thread.
 */
final class StoppingPool {

  private final DataSource real;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private volatile String stopsIn = ""; // the next call of this name
  private volatile boolean obeys = true;
  private int lent;

  StoppingPool(DataSource real) {
    this.real = real;
  }

  /** The next call of this name stops. */
  void stopIn(String method) {
    stopsIn = method;
  }

  /** To cancel a statement does not let it go on. */
  void ignoreCancel() {
    obeys = false;
  }

  void awaitStop() throws InterruptedException {
    stopped.await();
  }

  void goOn() {
    goesOn.countDown();
  }

  /** How many connections were not given back. */
  synchronized int lent() {
    return lent;
  }

  DataSource source() {
    return proxy(
        DataSource.class,
        (method, arguments) ->
            method.getName().equals("getConnection") ? lend() : invoke(real, method, arguments));
  }

  private synchronized Connection lend() throws SQLException {
    Connection connection = idle.isEmpty() ? real.getConnection() : idle.pop();
    lent++;
    return proxy(Connection.class, (method, arguments) -> {
      if (method.getName().equals("close")) {
        giveBack(connection);
        return null;
      }
      return wrapped(invoke(connection, method, arguments));
    });
  }

  private synchronized void giveBack(Connection connection) throws SQLException {
    lent--;
    if (!connection.isClosed()) {
      idle.push(connection);
    }
  }

  private Object wrapped(Object result) {
    if (result instanceof Statement statement) {
      Class<?> type =
          result instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
      return proxy(type, (method, arguments) -> {
        if (method.getName().equals("cancel") && obeys) {
          goOn();
        }
        return call(statement, method, arguments);
      });
    }
    if (result instanceof ResultSet rows) {
      return proxy(ResultSet.class, (method, arguments) -> call(rows, method, arguments));
    }
    return result;
  }

  private Object call(Object target, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals(stopsIn)) {
      stopsIn = "";
      stopped.countDown();
      goesOn.await();
    }
    return wrapped(invoke(target, method, arguments));
  }

  private interface Call {
    Object run(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(Proxy.newProxyInstance(
        StoppingPool.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> call.run(method, arguments)));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
