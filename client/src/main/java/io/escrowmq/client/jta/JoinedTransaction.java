package io.escrowmq.client.jta;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.JtaMessages;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionSplitException;
import io.escrowmq.client.tx.TableTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * A transaction with an outcome table as a party of a manager's transaction. It cannot prepare: its
 * database knows only one phase. The manager's threads may end it, hence the locks.
 */
public final class JoinedTransaction implements JtaMessages, XAResource {

  /** Marks what has to be decided last, to managers who know that. */
  private static final String LAST_RESOURCE =
      "com.arjuna.ats.jta.resources.LastResourceCommitOptimisation";

  private final TableTransaction transaction;

  public JoinedTransaction(TableTransaction transaction) {
    this.transaction = transaction;
  }

  /** What is to be enlisted. */
  public XAResource resource() {
    try {
      ClassLoader loader = JoinedTransaction.class.getClassLoader();
      Class<?> marker = Class.forName(LAST_RESOURCE, false, loader);
      return (XAResource) Proxy.newProxyInstance(
          loader, new Class<?>[] {XAResource.class, marker}, (proxy, method, arguments) -> {
            if (method.getName().equals("equals")) {
              return proxy == arguments[0];
            }
            try {
              return method.invoke(this, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause() == null ? e : e.getCause();
            }
          });
    } catch (ClassNotFoundException e) {
      return this;
    }
  }

  /** It was not enlisted. */
  public synchronized void abandon() {
    transaction.close();
  }

  @Override
  public Connection connection() {
    return transaction.connection();
  }

  /** Not under the lock: a manager that rolls back does not wait for a send that waits for room. */
  @Override
  public String send(Message message) {
    return transaction.send(message);
  }

  @Override
  public String transactionId() {
    return transaction.transactionId();
  }

  @Override
  public void start(Xid xid, int flags) {}

  @Override
  public void end(Xid xid, int flags) {}

  /**
   * Promises what it can: that the messages are stored, and the rows still in the transaction. This is
   * later than any synchronization's "before completion", whose work may still change the database.
   */
  @Override
  public synchronized int prepare(Xid xid) throws XAException {
    try {
      transaction.prepare();
      return XA_OK;
    } catch (EscrowException e) {
      rollback(xid);
      throw XaFailure.of(XAException.XA_RBROLLBACK, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public synchronized void commit(Xid xid, boolean onePhase) throws XAException {
    try (TableTransaction ending = transaction) {
      ending.commit();
    } catch (TransactionSplitException e) {
      throw mixed(e);
    } catch (EscrowException e) {
      int rolledBack = onePhase ? XAException.XA_RBROLLBACK : XAException.XA_HEURRB;
      throw XaFailure.of(
          e.mayHaveHappened() ? XAException.XA_HEURHAZ : rolledBack,
          String.valueOf(e.getMessage()),
          e);
    }
  }

  @Override
  public synchronized void rollback(Xid xid) throws XAException {
    try {
      transaction.close();
    } catch (TransactionSplitException e) {
      throw mixed(e);
    }
  }

  private static XAException mixed(TransactionSplitException e) {
    return XaFailure.of(XAException.XA_HEURMIX, String.valueOf(e.getMessage()), e);
  }

  @Override
  public void forget(Xid xid) {}

  /** None: without a commit its database has rolled back, and brokers learn that by asking. */
  @Override
  public Xid[] recover(int flags) {
    return new Xid[0];
  }

  @Override
  public boolean isSameRM(XAResource other) {
    return other == this;
  }

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
    return "the database transaction " + transactionId();
  }
}
