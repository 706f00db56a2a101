package io.escrowmq.client;

import java.sql.Connection;
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
public interface IdempotentHandler {

  /** What is done once for each message. */
  @FunctionalInterface
  interface Work {

    /**
     * Does it; to throw rolls back, and the message is delivered again.
     *
     * @param connection without auto-commit; not to be committed, rolled back or closed here
     */
    void handle(Connection connection, Delivery delivery) throws Exception;
  }

  /** What is done once for each message, and sends messages. */
  @FunctionalInterface
  interface SendingWork {

    /** As {@link Work#handle}; messages become visible with the change. */
    void handle(Connection connection, TransactionMessages messages, Delivery delivery)
        throws Exception;
  }

  /** Begins a handler that changes this database. */
  static IdempotentHandler on(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "the data source is null");
    return Provider.get().idempotentHandler(dataSource);
  }

  /** The consumer group; {@code escrowmq-consumers} by default. */
  IdempotentHandler group(String name);

  /** The table's name, perhaps with a schema; {@code escrow_handled} by default. */
  IdempotentHandler table(String name);

  /** Creates the table if it is not there; by default it must be. */
  IdempotentHandler createTable();

  /**
   * For how long a message is known after it was handled; 7 days by default. Must be longer than it
   * may be delivered again: all retries, the time for which consumers may be away, and any reset of
   * the group's offsets.
   */
  IdempotentHandler keepHandled(Duration age);

  /**
   * The handler, for concurrent and orderly consumers. Looks whether the table is there.
   *
   * @throws IllegalStateException when there is no such table, and it cannot or shall not be created
   */
  Handler handler(Work work);

  /**
   * The handler whose work sends messages too, which become visible if and only if the change is
   * committed.
   *
   * @param transactions on the same database
   * @throws IllegalStateException when there is no such table, and it cannot or shall not be created
   */
  Handler handler(EscrowTransactions transactions, SendingWork work);
}
