package io.escrowmq.client.tx;

import io.escrowmq.client.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * What a transaction costs beside its broker: statements, commits and time. A program, no test;
 * docs/transactions-client.md has what it has shown.
 */
public final class TransactionCost {

  private static final int ROUND = 200; // few, since the broker in memory searches all it has
  private static final int WARM_UP = 40;
  private static final int ROUNDS = 81;

  private final Database database;
  private final int messages;
  private final String business = Database.freshTable();
  private final AtomicLong calls = new AtomicLong(); // executions and commits

  private TransactionCost(Database database, int messages) {
    this.database = database;
    this.messages = messages;
  }

  /** Prints a line for each database and number of messages. */
  public static void main(String[] arguments) throws SQLException {
    for (Database database : Database.values()) {
      for (int messages : new int[] {0, 1, 10}) {
        new TransactionCost(database, messages).measure();
      }
    }
    System.exit(0);
  }

  private void measure() throws SQLException {
    try (Connection only = database.open().getConnection()) {
      Database.execute(only, "CREATE TABLE " + business + " (n INT)");
      double[] micros = new double[ROUNDS];
      for (int i = -WARM_UP; i < ROUNDS; i++) {
        double each = round(only);
        if (i >= 0) {
          micros[i] = each;
        }
      }
      Arrays.sort(micros);
      round(counted(only));
      System.out.printf(
          "%s, %d messages: %.1f executions and commits, median %.0f us, fastest tenth %.0f us%n",
          database,
          messages,
          calls.get() / (double) ROUND,
          micros[ROUNDS / 2],
          micros[ROUNDS / 10]);
    }
  }

  private double round(Connection only) throws SQLException {
    FakeCluster cluster = new FakeCluster();
    cluster.topic("t", cluster.broker("a"));
    TableTransactions transactions = TestTables.start(cluster, "group", lending(only));
    calls.set(0);
    long begun = System.nanoTime();
    for (int i = 0; i < ROUND; i++) {
      transaction(transactions, i);
    }
    double micros = (System.nanoTime() - begun) / 1e3 / ROUND;
    transactions.close();
    return micros;
  }

  private void transaction(TableTransactions transactions, int n) throws SQLException {
    transactions.inTransaction((connection, sending) -> {
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + business + " VALUES (?)")) {
        insert.setInt(1, n);
        insert.executeUpdate();
      }
      for (int i = 0; i < messages; i++) {
        sending.send(Message.to("t").body("m"));
      }
    });
  }

  /** A pool of one connection that is never closed. */
  private static DataSource lending(Connection only) {
    Connection lent = proxy(
        Connection.class, only, (method, result) -> result, method -> !method.equals("close"));
    return proxy(DataSource.class, null, (method, result) -> lent, method -> false);
  }

  private Connection counted(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, result) -> {
          calls.addAndGet(method.getName().equals("commit") ? 1 : 0);
          return result instanceof PreparedStatement statement ? counted(statement) : result;
        },
        method -> true);
  }

  private PreparedStatement counted(PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        statement,
        (method, result) -> {
          calls.addAndGet(method.getName().startsWith("execute") ? 1 : 0);
          return result;
        },
        method -> true);
  }

  private interface Result {
    Object of(Method method, Object result);
  }

  private interface Passes {
    boolean passes(String method);
  }

  private static <T> T proxy(Class<T> type, T target, Result result, Passes passes) {
    return type.cast(Proxy.newProxyInstance(
        TransactionCost.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> {
          try {
            return result.of(
                method, passes.passes(method.getName()) ? method.invoke(target, arguments) : null);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }
}
