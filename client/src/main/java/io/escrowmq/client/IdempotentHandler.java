package io.escrowmq.client;

import io.escrowmq.client.core.SteadyClock;
import io.escrowmq.client.tx.HandledMessages;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Makes a handler that changes a JDBC database exactly once for each message, however often it is
 * delivered: the message's id goes into a table in the same database transaction as the change. Any
 * thread.
 *
 * <pre>{@code
 * Consumer consumer = client
 *     .consumer("stock-service")
 *     .subscribe("orders")
 *     .handler(IdempotentHandler.on(dataSource)
 *         .group("stock-service")
 *         .createTable()
 *         .handler((connection, delivery) -> reserve(connection, delivery.text())))
 *     .start();
 * }</pre>
 *
 * <p>A message is the same when topic and id are, for one consumer group. What is sent twice under two
 * ids is two messages. What the handler does besides the database may happen more than once.
 *
 * <p>The table, which several groups may share, is created on request, or is there already:
 *
 * <pre>{@code
 * CREATE TABLE escrow_handled (
 *   consumer_group VARCHAR(255) NOT NULL,
 *   topic          VARCHAR(255) NOT NULL,
 *   message_id     VARCHAR(255) NOT NULL,
 *   handled_millis BIGINT       NOT NULL,  -- -1 in the transaction that does the work, until it is done
 *   PRIMARY KEY (consumer_group, topic, message_id))
 * CREATE INDEX escrow_handled_age ON escrow_handled (handled_millis)
 * }</pre>
 */
public final class IdempotentHandler {

  /** What is done once for each message. */
  @FunctionalInterface
  public interface Work {

    /**
     * Does it; to throw rolls back, and the message is delivered again.
     *
     * @param connection without auto-commit; not to be committed, rolled back or closed here
     */
    void handle(Connection connection, Delivery delivery) throws Exception;
  }

  /** What is done once for each message, and sends messages. */
  @FunctionalInterface
  public interface SendingWork {

    /** As {@link Work#handle}; messages become visible with the change. */
    void handle(Connection connection, TransactionMessages messages, Delivery delivery)
        throws Exception;
  }

  private final DataSource dataSource;
  private String group = "escrowmq-consumers";
  private String table = "escrow_handled";
  private boolean createTable;
  private Duration keepHandled = Duration.ofDays(7);

  private IdempotentHandler(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Begins a handler that changes this database. */
  public static IdempotentHandler on(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "the data source is null");
    return new IdempotentHandler(dataSource);
  }

  /** The consumer group; {@code escrowmq-consumers} by default. */
  public IdempotentHandler group(String name) {
    group = Names.group(name);
    return this;
  }

  /** The table's name, perhaps with a schema; {@code escrow_handled} by default. */
  public IdempotentHandler table(String name) {
    Objects.requireNonNull(name, "the table is null");
    table = name;
    return this;
  }

  /** Creates the table if it is not there; by default it must be. */
  public IdempotentHandler createTable() {
    createTable = true;
    return this;
  }

  /**
   * For how long a message is known after it was handled; 7 days by default. Must be longer than it
   * may be delivered again: all retries, the time for which consumers may be away, and any reset of
   * the group's offsets.
   */
  public IdempotentHandler keepHandled(Duration age) {
    Objects.requireNonNull(age, "the age is null");
    keepHandled = age;
    return this;
  }

  /**
   * The handler, for concurrent and orderly consumers. Looks whether the table is there.
   *
   * @throws IllegalStateException when there is no such table, and it cannot or shall not be created
   */
  public Handler handler(Work work) {
    Objects.requireNonNull(work, "the work is null");
    HandledMessages handled = handled();
    return delivery -> {
      handled.once(
          delivery.topic(), delivery.messageId(), connection -> work.handle(connection, delivery));
      handled.cleanNowAndThen();
    };
  }

  /**
   * The handler whose work sends messages too, which become visible if and only if the change is
   * committed.
   *
   * @param transactions on the same database
   * @throws IllegalStateException when there is no such table, and it cannot or shall not be created
   */
  public Handler handler(EscrowTransactions transactions, SendingWork work) {
    Objects.requireNonNull(transactions, "the argument for transactions is null");
    Objects.requireNonNull(work, "the work is null");
    HandledMessages handled = handled();
    return delivery -> {
      if (!handle(transactions, handled, handled::isFirst, work, delivery)
          && !handle(transactions, handled, handled::isLeftHalfDone, work, delivery)) {
        handled.demandHandled(delivery.topic(), delivery.messageId());
      }
      handled.cleanNowAndThen();
    };
  }

  /** Whether the work on a message is to be done in this transaction. */
  private interface Entry {
    boolean admits(Connection connection, String topic, String messageId) throws SQLException;
  }

  private static boolean handle(
      EscrowTransactions transactions,
      HandledMessages handled,
      Entry entry,
      SendingWork work,
      Delivery delivery)
      throws Exception {
    try {
      transactions.<Exception>inTransaction((connection, messages) -> {
        if (!entry.admits(connection, delivery.topic(), delivery.messageId())) {
          throw new HandledBefore();
        }
        work.handle(connection, messages, delivery);
        handled.finish(connection, delivery.topic(), delivery.messageId(), null);
      });
      return true;
    } catch (HandledBefore e) {
      return false;
    }
  }

  private HandledMessages handled() {
    HandledMessages handled =
        new HandledMessages(dataSource, table, group, keepHandled, SteadyClock.ofThisMachine());
    try {
      handled.prepareTable(createTable);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "the table " + table + " cannot be prepared: " + e.getMessage(), e);
    }
    return handled;
  }

  private static final class HandledBefore extends RuntimeException {

    HandledBefore() {
      super("handled before", null, false, false);
    }
  }
}
