package io.escrowmq.client.tx;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A real database whose connections break when the test wants it. Any thread. */
public final class UnreliableDatabase implements DataSource {

  /** When the next connection breaks. */
  public enum InCommit {
    NEVER,
    BEFORE,
    AFTER,
    AFTER_AND_STAY_AWAY,
    /** As the one before, and the waiting thread is interrupted. */
    AFTER_AND_INTERRUPT
  }

  private final DataSource real;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile InCommit breaks = InCommit.NEVER;
  private volatile boolean away;

  public UnreliableDatabase(DataSource real) {
    this.real = real;
  }

  public void breakIn(InCommit when) {
    breaks = when;
  }

  void comeBack() {
    away = false;
  }

  /** How many connections were asked for. */
  int connections() {
    return connections.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    connections.incrementAndGet();
    if (away) {
      throw new SQLNonTransientConnectionException("the database is away", "08001");
    }
    Connection connection = real.getConnection();
    return (Connection) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
          if (method.getName().equals("commit") && breaks != InCommit.NEVER) {
            throw broken(connection);
          }
          try {
            return method.invoke(connection, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private SQLException broken(Connection connection) throws SQLException {
    if (breaks == InCommit.BEFORE) {
      connection.rollback();
    } else {
      connection.commit();
    }
    away = breaks == InCommit.AFTER_AND_STAY_AWAY || breaks == InCommit.AFTER_AND_INTERRUPT;
    if (breaks == InCommit.AFTER_AND_INTERRUPT) {
      Thread.currentThread().interrupt();
    }
    connection.close();
    breaks = InCommit.NEVER;
    return new SQLNonTransientConnectionException("the connection broke", "08006");
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return real.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    real.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    real.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return real.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return real.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return real.isWrapperFor(type);
  }
}
