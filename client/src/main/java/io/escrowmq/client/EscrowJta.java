package io.escrowmq.client;

import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.Objects;

/**
 * Messages in transactions of a transaction manager: what is sent in the running transaction becomes
 * visible when it commits. Needs {@code jakarta.transaction-api} on the class path, a manager, and
 * EscrowMQ brokers. Any thread.
 *
 * <pre>{@code
 * EscrowJta jta = EscrowJta.on(client)
 *     .group("order-service")
 *     .transactionManager(transactionManager, synchronizationRegistry)
 *     .build();
 * EscrowRecovery.withNarayana(jta);
 *
 * transactionManager.begin();
 * insertOrder(xaConnection, order);
 * jta.send(Message.to("orders").key("order-17").body(order.toBytes()));
 * transactionManager.commit();
 * }</pre>
 *
 * <p>Databases without XA take part through {@link #join}.
 */
public interface EscrowJta extends AutoCloseable {

  /** Begins, with a client of this library. */
  static Builder on(EscrowClient client) {
    Objects.requireNonNull(client, "the client is null");
    return Provider.get().jta(client);
  }

  /**
   * Sends in the transaction that this thread runs, which is enlisted once.
   *
   * @return the message's id, the same on every delivery
   * @throws OverloadedException the transaction has too many messages, or bytes
   * @throws IllegalStateException this thread runs no transaction that can still commit
   */
  String send(Message message);

  /** A resource to be enlisted by hand. */
  EscrowXAResource xaResource();

  /**
   * Has a database without XA take part in the transaction that this thread runs, together with
   * messages whose outcome its outcome table tells. Returns the same for all calls in a transaction.
   *
   * <p>As the only party it is exact. Beside others it is decided last where the manager knows how
   * (Narayana does); else, if it fails to commit after all have prepared, the manager gets a
   * heuristic exception. Its own messages agree with it in any case.
   *
   * @param transactions of the database, from {@link EscrowClient#transactions}
   */
  JtaMessages join(EscrowTransactions transactions);

  /** Leaves the group. What is prepared stays at the brokers. */
  @Override
  void close();

  /** Says how messages take part. Owner: the caller. */
  interface Builder {

    /**
     * The producer group, by which recovery finds what is prepared; {@code escrowmq-jta} by default.
     * Several processes may share it: each manager recovers only its own branches. Transactions with
     * an outcome table need a group of their own.
     */
    Builder group(String name);

    /**
     * The manager whose transactions are joined, and its registry; not needed if {@link
     * EscrowJta#xaResource} is enlisted by hand.
     */
    Builder transactionManager(
        TransactionManager manager, TransactionSynchronizationRegistry registry);

    /** The one deadline of storing a message in escrow, all tries included; 3 s by default. */
    Builder sendTimeout(Duration timeout);

    /**
     * For how long a broker is told again within one commit or rollback; 10 s by default. Then the
     * manager is told that it could not be reached, and tells it again at its next recovery.
     */
    Builder decisionTimeout(Duration timeout);

    /**
     * Makes bodies from this size on smaller; off by default.
     *
     * @param fromBytes below some hundred bytes it costs more than it saves
     * @throws IllegalStateException when the library for it is not on the class path
     */
    Builder compression(Compression kind, int fromBytes);

    /**
     * How many bytes of bodies one transaction may have, since they wait in memory until it commits;
     * 16 MiB by default.
     */
    Builder branchBytes(long bytes);

    /**
     * Joins the group.
     *
     * @throws IllegalStateException when this client answers for the group otherwise
     */
    EscrowJta build();
  }
}
