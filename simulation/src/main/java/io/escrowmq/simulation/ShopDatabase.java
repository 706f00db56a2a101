package io.escrowmq.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The shop's database, which no crash of a process takes: H2, in memory, on the thread of the simulation.
 * A commit may take its time, may be the last thing that its process does, and may end in an error, whether
 * it was done or not.
 */
final class ShopDatabase implements AutoCloseable {

  private static final AtomicLong NUMBER = new AtomicLong(); // of a database in this process
  private static final String CONNECTION_FAILURE = "08006";
  private static final int KINDS_OF_COMMIT = 8; // all but four are as they should be

  private final Cluster cluster;
  private final Connection own; // while it is open, the database is there
  private final String url;
  private final Map<String, List<Connection>> ofProcess = new HashMap<>();

  ShopDatabase(Cluster cluster) {
    this.cluster = cluster;
    // who finds a row locked waits for nobody: nobody would go on meanwhile
    this.url =
        "jdbc:h2:mem:shop-" + NUMBER.incrementAndGet() + ";LOCK_TIMEOUT=1;DB_CLOSE_ON_EXIT=FALSE";
    try {
      this.own = DriverManager.getConnection(url);
      execute("CREATE TABLE orders (id VARCHAR(64) PRIMARY KEY)");
    } catch (SQLException e) {
      throw new IllegalStateException("the shop has no database", e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Whether an order is there, and its transaction is committed. */
  boolean has(String order) {
    try (PreparedStatement select = own.prepareStatement("SELECT id FROM orders WHERE id = ?")) {
      select.setString(1, order);
      try (ResultSet found = select.executeQuery()) {
        return found.next();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the shop's database does not answer", e);
    }
  }

  /** Adds an order, in the transaction of whoever brings the connection. */
  static void add(Connection connection, String order) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO orders (id) VALUES (?)")) {
      insert.setString(1, order);
      insert.executeUpdate();
    }
  }

  /**
   * Where a process gets its connections.
   *
   * @param halt ends the process at once
   */
  DataSource of(String process, Runnable halt) {
    return proxy(DataSource.class, (method, arguments) -> {
      if (method.getName().equals("getConnection")) {
        return connection(process, halt);
      }
      throw new UnsupportedOperationException(method.getName());
    });
  }

  private Connection connection(String process, Runnable halt) throws SQLException {
    Connection real = DriverManager.getConnection(url);
    ofProcess.computeIfAbsent(process, name -> new ArrayList<>()).add(real);
    return proxy(Connection.class, (method, arguments) -> {
      if (method.getName().equals("commit")) {
        commit(real, halt);
        return null;
      }
      if (method.getName().equals("close")) {
        ofProcess.getOrDefault(process, List.of()).remove(real);
      }
      return call(real, method, arguments);
    });
  }

  private void commit(Connection real, Runnable halt) throws SQLException {
    if (cluster.draw(3) == 0) { // others look meanwhile
      cluster.passMeanwhile(
          Duration.ofNanos(cluster.draw(Integer.MAX_VALUE) >>> cluster.draw(Integer.SIZE - 1)));
    }
    switch (cluster.draw(KINDS_OF_COMMIT)) {
      case 0 -> {
        cluster.tell("the process halts just before its database commits");
        halt.run();
        throw new PowerOff();
      }
      case 1 -> {
        real.commit();
        cluster.tell("the process halts when its database has committed");
        halt.run();
        throw new PowerOff();
      }
      case 2 -> {
        real.commit();
        real.close();
        cluster.tell("nobody hears that the database has committed");
        throw new SQLException("the connection broke", CONNECTION_FAILURE);
      }
      case 3 -> {
        real.close();
        cluster.tell("the database does not hear that it is to commit");
        throw new SQLException("the connection broke", CONNECTION_FAILURE);
      }
      default -> real.commit();
    }
  }

  /** The process is gone, and what it had not committed. */
  void crash(String process) {
    List<Connection> open = ofProcess.remove(process);
    if (open != null) {
      for (Connection connection : open) {
        close(connection);
      }
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("a connection of the shop is not closed", e);
    }
  }

  @Override
  public void close() {
    try {
      execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException e) {
      throw new IllegalStateException("the shop's database is not closed", e);
    }
  }

  /** What a call of an interface does. */
  private interface Call {
    @Nullable
    Object run(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(Proxy.newProxyInstance(
        ShopDatabase.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> call.run(method, arguments)));
  }

  private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
