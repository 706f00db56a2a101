package io.escrowmq.demo.chaos;

import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * A database's part in a distributed transaction, which tells a probe when it commits. A class, no
 * proxy: proxies are serializable, and a transaction manager would put it into its log.
 */
public final class ProbedResource implements XAResource {

  private final XAResource real;
  private final Probe probe;

  public ProbedResource(XAResource real, Probe probe) {
    this.real = real;
    this.probe = probe;
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    probe.pass(Point.BEFORE_COMMIT);
    real.commit(xid, onePhase);
    probe.pass(Point.COMMITTED);
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    real.start(xid, flags);
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    real.end(xid, flags);
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    return real.prepare(xid);
  }

  @Override
  public void rollback(Xid xid) throws XAException {
    real.rollback(xid);
  }

  @Override
  public Xid[] recover(int flag) throws XAException {
    return real.recover(flag);
  }

  @Override
  public void forget(Xid xid) throws XAException {
    real.forget(xid);
  }

  @Override
  public boolean isSameRM(XAResource other) throws XAException {
    return real.isSameRM(other);
  }

  @Override
  public int getTransactionTimeout() throws XAException {
    return real.getTransactionTimeout();
  }

  @Override
  public boolean setTransactionTimeout(int seconds) throws XAException {
    return real.setTransactionTimeout(seconds);
  }
}
