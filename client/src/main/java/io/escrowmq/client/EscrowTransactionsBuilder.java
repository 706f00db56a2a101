package io.escrowmq.client;

import java.time.Duration;

/**
 * Says how transactions with an outcome table work, and starts them. Owner: the caller.
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
public interface EscrowTransactionsBuilder {

  /**
   * The producer group; {@code escrowmq-transactions} by default. All of its members must see the same
   * outcome table, for each is asked about the transactions of all.
   */
  EscrowTransactionsBuilder group(String name);

  /** The table's name, perhaps with a schema; {@code escrow_outcomes} by default. */
  EscrowTransactionsBuilder table(String name);

  /** Creates the table if it is not there; by default it must be. */
  EscrowTransactionsBuilder createTable();

  /**
   * For how long outcomes stay in the table, from the transaction's begin; 7 days by default, at least
   * a minute. Must be much longer than brokers ask (under 2 hours with their own settings) plus the
   * time for which they may be away: about transactions older than half of this, no check answers
   * ROLLBACK any more, and an operator has to. The clocks of the group must agree to within half of
   * it.
   */
  EscrowTransactionsBuilder keepOutcomes(Duration age);

  /**
   * How long a check waits for a transaction that holds the row's lock; 3 s by default, whole
   * seconds. Then the broker asks again later. Too long keeps a thread and a connection waiting.
   */
  EscrowTransactionsBuilder lockTimeout(Duration timeout);

  /**
   * Reads the table once more after each commit, although the commit returned: for a proxy before the
   * database that may hide that it rolled back. Costs one more round trip. Off by default for H2 and
   * PostgreSQL, whose drivers throw what the database answers; always on for other drivers.
   */
  EscrowTransactionsBuilder readAfterCommit();

  /** The one deadline of storing a message in escrow, all tries included; 3 s by default. */
  EscrowTransactionsBuilder sendTimeout(Duration timeout);

  /**
   * For how long brokers are told again that a transaction has ended; 60 s by default. Then their
   * checks find out.
   */
  EscrowTransactionsBuilder decisionTimeout(Duration timeout);

  /**
   * Makes bodies from this size on smaller; off by default.
   *
   * @param fromBytes below some hundred bytes it costs more than it saves
   * @throws IllegalStateException when the library for it is not on the class path
   */
  EscrowTransactionsBuilder compression(Compression kind, int fromBytes);

  /** How many checks run at a time, each with a connection; 2 by default. */
  EscrowTransactionsBuilder checkThreads(int threads);

  /**
   * Starts: brokers may ask from now on. Looks whether the table is there.
   *
   * @throws IllegalStateException when there is no such table, and it cannot or shall not be created;
   *     or when this client answers for the group already
   */
  EscrowTransactions build();
}
