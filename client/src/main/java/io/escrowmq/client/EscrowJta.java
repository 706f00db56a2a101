package io.escrowmq.client;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.jta.BranchResource;
import io.escrowmq.client.jta.Branches;
import io.escrowmq.client.jta.Enlistment;
import io.escrowmq.client.jta.JoinedTransaction;
import io.escrowmq.client.tx.PreparedMessages;
import io.escrowmq.client.tx.TableTransactions;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
public final class EscrowJta implements AutoCloseable {

  private final PreparedMessages escrow;
  private final Branches branches;
  private final String group;
  private final @Nullable Enlistment enlistment; // null when resources are enlisted by hand
  private final Consumer<AutoCloseable> onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EscrowJta(Builder settings) {
    this.escrow = new PreparedMessages(
        settings.client.parts(),
        settings.group,
        settings.sendTimeout,
        settings.decisionTimeout,
        settings.compression);
    this.branches = new Branches(escrow, settings.branchBytes);
    this.group = settings.group;
    this.enlistment = settings.enlistment;
    this.onClose = settings.client::letGo;
  }

  /** Begins. */
  public static Builder on(EscrowClient client) {
    Objects.requireNonNull(client, "the client is null");
    return new Builder(client);
  }

  /**
   * Sends in the transaction that this thread runs, which is enlisted once.
   *
   * @return the message's id, the same on every delivery
   * @throws OverloadedException the transaction has too many messages, or bytes
   * @throws IllegalStateException this thread runs no transaction that can still commit
   */
  public String send(Message message) {
    return enlistment()
        .once(branches, this::xaResource, resource -> resource, unused -> {})
        .send(message);
  }

  /** A resource to be enlisted by hand. */
  public EscrowXAResource xaResource() {
    return new BranchResource(branches, group);
  }

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
  public JtaMessages join(EscrowTransactions transactions) {
    if (!(transactions instanceof TableTransactions ours)) {
      throw new IllegalArgumentException(transactions + " is not one of this library's");
    }
    return enlistment()
        .once(
            ours,
            () -> new JoinedTransaction(ours.begin()),
            JoinedTransaction::resource,
            JoinedTransaction::abandon);
  }

  private Enlistment enlistment() {
    if (enlistment == null) {
      throw new IllegalStateException(
          "no transaction manager was given to " + this + "; enlist an xaResource() by hand");
    }
    return enlistment;
  }

  /** Leaves the group. What is prepared stays at the brokers. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      escrow.close();
      onClose.accept(this);
    }
  }

  @Override
  public String toString() {
    return "messages of " + group + " in transactions";
  }

  /** Says how messages take part. Owner: whoever builds. */
  public static final class Builder {

    private final EscrowClient client;
    private String group = "escrowmq-jta";
    private @Nullable Enlistment enlistment;
    private Duration sendTimeout = Duration.ofSeconds(3);
    private Duration decisionTimeout = Duration.ofSeconds(10);
    private BodyCompression compression = BodyCompression.NONE;
    private long branchBytes = 16L << 20;

    private Builder(EscrowClient client) {
      this.client = client;
    }

    /**
     * The producer group, by which recovery finds what is prepared; {@code escrowmq-jta} by default.
     * Several processes may share it: each manager recovers only its own branches. Transactions with
     * an outcome table need a group of their own.
     */
    public Builder group(String name) {
      group = Names.group(name);
      return this;
    }

    /**
     * The manager whose transactions are joined, and its registry; not needed by who enlists {@link
     * EscrowJta#xaResource} by hand.
     */
    public Builder transactionManager(
        TransactionManager manager, TransactionSynchronizationRegistry registry) {
      Objects.requireNonNull(manager, "the transaction manager is null");
      Objects.requireNonNull(registry, "the registry is null");
      enlistment = new Enlistment(manager, registry);
      return this;
    }

    /** The one deadline of storing a message in escrow, all tries included; 3 s by default. */
    public Builder sendTimeout(Duration timeout) {
      Objects.requireNonNull(timeout, "the send timeout is null");
      sendTimeout = timeout;
      return this;
    }

    /**
     * For how long a broker is told again within one commit or rollback; 10 s by default. Then the
     * manager is told that it could not be reached, and tells it again at its next recovery.
     */
    public Builder decisionTimeout(Duration timeout) {
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
    public Builder compression(Compression kind, int fromBytes) {
      Objects.requireNonNull(kind, "the compression is null");
      compression = new BodyCompression(kind, fromBytes);
      return this;
    }

    /**
     * How many bytes of bodies one transaction may have, since they wait in memory until it commits;
     * 16 MiB by default.
     */
    public Builder branchBytes(long bytes) {
      branchBytes = bytes;
      return this;
    }

    /**
     * Joins the group.
     *
     * @throws IllegalStateException when this client answers for the group otherwise
     */
    public EscrowJta build() {
      EscrowJta jta = new EscrowJta(this);
      jta.escrow.start();
      client.keep(jta);
      return jta;
    }
  }
}
