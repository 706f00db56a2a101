package io.escrowmq.client;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.TableSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * Says how transactions with an outcome table work, and starts them. Owner: whoever builds.
 *
 * <p>The table, which several groups may share, is created on request ({@link #createTable}), or is
 * there already:
 *
 * <pre>{@code
 * CREATE TABLE escrow_outcomes (
 *   tx_group VARCHAR(255) NOT NULL,
 *   tx_id    VARCHAR(64)  NOT NULL,  -- begins with the time, in hex, so that old rows are next to each other
 *   outcome  CHAR(1)      NOT NULL,  -- C committed, R rolled back
 *   PRIMARY KEY (tx_group, tx_id))
 * }</pre>
 */
public final class EscrowTransactionsBuilder {

  private final Function<TableSettings, EscrowTransactions> start;
  private String group = "escrowmq-transactions";
  private String table = "escrow_outcomes";
  private boolean createTable;
  private Duration keepOutcomes = Duration.ofDays(7);
  private Duration lockTimeout = Duration.ofSeconds(3);
  private boolean readAfterCommit;
  private Duration sendTimeout = Duration.ofSeconds(3);
  private Duration decisionTimeout = Duration.ofSeconds(60);
  private BodyCompression compression = BodyCompression.NONE;
  private int checkThreads = 2;

  EscrowTransactionsBuilder(Function<TableSettings, EscrowTransactions> start) {
    this.start = start;
  }

  /**
   * The producer group; {@code escrowmq-transactions} by default. All of its members must see the same
   * outcome table, for each is asked about the transactions of all.
   */
  public EscrowTransactionsBuilder group(String name) {
    group = Names.group(name);
    return this;
  }

  /** The table's name, perhaps with a schema; {@code escrow_outcomes} by default. */
  public EscrowTransactionsBuilder table(String name) {
    Objects.requireNonNull(name, "the table is null");
    table = name;
    return this;
  }

  /** Creates the table if it is not there; by default it must be. */
  public EscrowTransactionsBuilder createTable() {
    createTable = true;
    return this;
  }

  /**
   * For how long outcomes stay in the table, from the transaction's begin; 7 days by default, at least
   * a minute. Must be much longer than brokers ask (under 2 hours with their own settings) plus the
   * time for which they may be away: about transactions older than half of this, no check answers
   * ROLLBACK any more, and an operator has to. The clocks of the group must agree to within half of
   * it.
   */
  public EscrowTransactionsBuilder keepOutcomes(Duration age) {
    Objects.requireNonNull(age, "the age is null");
    keepOutcomes = age;
    return this;
  }

  /**
   * How long a check waits for a transaction that holds the row's lock; 3 s by default, whole
   * seconds. Then the broker asks again later. Too long keeps a thread and a connection waiting.
   */
  public EscrowTransactionsBuilder lockTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the lock timeout is null");
    lockTimeout = timeout;
    return this;
  }

  /**
   * Reads the table once more after each commit, although the commit returned: for a proxy before the
   * database that may hide that it rolled back. Costs one more round trip. Off by default for H2 and
   * PostgreSQL, whose drivers throw what the database answers; always on for other drivers.
   */
  public EscrowTransactionsBuilder readAfterCommit() {
    readAfterCommit = true;
    return this;
  }

  /** The one deadline of storing a message in escrow, all tries included; 3 s by default. */
  public EscrowTransactionsBuilder sendTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the send timeout is null");
    sendTimeout = timeout;
    return this;
  }

  /**
   * For how long brokers are told again that a transaction has ended; 60 s by default. Then their
   * checks find out.
   */
  public EscrowTransactionsBuilder decisionTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the decision timeout is null");
    decisionTimeout = timeout;
    return this;
  }

  /**
   * Makes bodies from this size on smaller; off by default.
   *
   * @param fromBytes below some hundred bytes it costs more than it saves
   * @throws IllegalStateException when the library for it is not on the class path
   */
  public EscrowTransactionsBuilder compression(Compression kind, int fromBytes) {
    Objects.requireNonNull(kind, "the compression is null");
    compression = new BodyCompression(kind, fromBytes);
    return this;
  }

  /** How many checks run at a time, each with a connection; 2 by default. */
  public EscrowTransactionsBuilder checkThreads(int threads) {
    checkThreads = threads;
    return this;
  }

  /**
   * Starts: brokers may ask from now on. Looks whether the table is there.
   *
   * @throws IllegalStateException when there is no such table, and it cannot or shall not be created;
   *     or when this client answers for the group already
   */
  public EscrowTransactions build() {
    return start.apply(new TableSettings(
        group,
        table,
        createTable,
        keepOutcomes,
        lockTimeout,
        readAfterCommit,
        sendTimeout,
        decisionTimeout,
        compression,
        checkThreads));
  }
}
