package io.escrowmq.client.tx;

import static org.awaitility.Awaitility.await;

import io.escrowmq.client.TransactionOutcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A real check on a thread of its own that executes no statement before the test tells it to. Owner: the
 * test.
 */
final class SteppedCheck implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60); // the machine may be busy

  private final Database database;
  private final DataSource source;
  private final Semaphore permits = new Semaphore(0);
  private final AtomicInteger reached = new AtomicInteger(); // statements that wait or have begun
  private final CompletableFuture<TransactionOutcome> answer = new CompletableFuture<>();
  private final Thread thread;
  private int permitted;

  SteppedCheck(Database database, DataSource source, OutcomeTable table, String id) {
    this.database = database;
    this.source = source;
    OutcomeCheck check = new OutcomeCheck(stepped(), table);
    thread = new Thread(() -> answer.complete(check.find(id, true)), "check");
    thread.start();
    settle(false);
  }

  /**
   * Lets it execute one statement more; returns when it did, or waits for the row.
   *
   * @param rowTaken another transaction has the row
   */
  void step(boolean rowTaken) {
    if (answer.isDone() || reached.get() == permitted) {
      return; // it has ended, or waits inside the database
    }
    permitted++;
    permits.release();
    settle(rowTaken);
  }

  /** Lets it go on to its end, which it reaches when nobody locks the row or it gives up waiting. */
  TransactionOutcome finish() {
    permits.release(100);
    return answer.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private void settle(boolean rowTaken) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> answer.isDone()
            || reached.get() > permitted
            || (rowTaken && database.isWaiting(source, thread)));
  }

  private DataSource stepped() {
    return wrap(
        DataSource.class,
        source,
        (method, result) -> method.getName().equals("getConnection")
            ? wrap(Connection.class, (Connection) result, this::statement)
            : result);
  }

  private Object statement(Method method, Object result) {
    return result instanceof PreparedStatement statement
        ? wrap(PreparedStatement.class, statement, (called, returned) -> returned)
        : result;
  }

  private interface Results {
    Object map(Method method, Object result);
  }

  private <T> T wrap(Class<T> type, T wrapped, Results results) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            reached.incrementAndGet();
            permits.acquire();
          }
          try {
            return results.map(method, method.invoke(wrapped, arguments));
          } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SQLException sql ? sql : e;
          }
        }));
  }

  @Override
  public void close() {
    permits.release(100);
  }
}
