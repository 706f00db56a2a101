package io.escrowmq.client.jta;

import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** What a transaction manager holds of this resource manager, for one branch at a time. Any thread. */
public final class BranchResource implements EscrowXAResource {

  private final Branches branches;
  private final String resourceManager;
  private volatile @Nullable Branch current; // the branch that this one works for

  /**
   * @param resourceManager the same for all that see the same branches
   */
  public BranchResource(Branches branches, String resourceManager) {
    this.branches = branches;
    this.resourceManager = resourceManager;
  }

  @Override
  public String send(Message message) {
    Branch branch = current;
    if (branch == null) {
      throw new IllegalStateException("no transaction has enlisted this resource now");
    }
    return branches.add(branch, message, this);
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    Branch branch = current;
    if (branch != null) {
      throw XaFailure.of(
          XAException.XAER_PROTO, "this resource works for " + branch.id() + " already");
    }
    current = branches.start(xid, flags, this);
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    try {
      branches.end(xid, flags, this);
      leave(xid);
    } catch (XAException e) {
      if (e.errorCode == XAException.XAER_NOTA) {
        leave(xid); // its manager has rolled it back meanwhile
      }
      throw e;
    }
  }

  private void leave(Xid xid) {
    Branch branch = current;
    if (branch != null && branch.id().equals(BranchId.of(xid))) {
      current = null;
    }
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    return branches.prepare(xid);
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    branches.commit(xid, onePhase);
  }

  @Override
  public void rollback(Xid xid) throws XAException {
    branches.rollback(xid);
  }

  @Override
  public Xid[] recover(int flags) throws XAException {
    return branches.recover(flags);
  }

  @Override
  public void forget(Xid xid) throws XAException {
    branches.forget(xid);
  }

  @Override
  public boolean isSameRM(XAResource other) {
    return other instanceof BranchResource resource
        && resource.resourceManager.equals(resourceManager)
        && resource.branches == branches;
  }

  /** A branch ends when its manager says so, and never by time. */
  @Override
  public boolean setTransactionTimeout(int seconds) {
    return false;
  }

  @Override
  public int getTransactionTimeout() {
    return 0;
  }

  @Override
  public String toString() {
    return "messages of " + resourceManager;
  }
}
