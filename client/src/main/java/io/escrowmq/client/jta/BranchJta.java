package io.escrowmq.client.jta;

import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.JtaMessages;
import io.escrowmq.client.Message;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.tx.PreparedMessages;
import io.escrowmq.client.tx.TableTransactions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is sent in a transaction of a manager is a branch of it. Any thread. */
public final class BranchJta implements EscrowJta {

  private final PreparedMessages escrow;
  private final Branches branches;
  private final String group;
  private final @Nullable Enlistment enlistment; // null when resources are enlisted by hand
  private final Consumer<AutoCloseable> onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Messages that wait for {@link #start}.
   *
   * @param onClose told once, when this is closed
   */
  public BranchJta(ClientParts parts, JtaSettings settings, Consumer<AutoCloseable> onClose) {
    this.escrow = new PreparedMessages(
        parts,
        settings.group(),
        settings.sendTimeout(),
        settings.decisionTimeout(),
        settings.compression());
    this.branches = new Branches(escrow, settings.branchBytes());
    this.group = settings.group();
    this.enlistment = settings.enlistment();
    this.onClose = onClose;
  }

  /**
   * Joins the group.
   *
   * @throws IllegalStateException when this client answers for the group otherwise
   */
  public void start() {
    escrow.start();
  }

  @Override
  public String send(Message message) {
    return enlistment()
        .once(branches, this::xaResource, resource -> resource, unused -> {})
        .send(message);
  }

  @Override
  public EscrowXAResource xaResource() {
    return new BranchResource(branches, group);
  }

  @Override
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
}
