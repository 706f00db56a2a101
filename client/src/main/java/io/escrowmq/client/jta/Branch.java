package io.escrowmq.client.jta;

import io.escrowmq.client.Message;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.tx.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.transaction.xa.XAException;

/**
 * One branch of a transaction: the resource that works for it, and its messages, which wait here until
 * it is prepared. Owner: the holder of its lock, which all methods take; a manager's own threads may
 * end it.
 *
 * <pre>
 *   start ─► ACTIVE ─ end ─► IDLE ─ prepare ─► PREPARED ─ commit, rollback ─► gone
 *              ▲  └suspend┐    └─ commit in one phase, rollback ─► gone
 *              └─ resume ─┘
 * </pre>
 */
final class Branch {

  private static final int MOST_MESSAGES = 4_096; // that brokers decide about together

  /** A message with the id that it keeps. */
  record BranchMessage(Message message, String messageId) {}

  private final BranchId id;
  private final Set<Object> active = new LinkedHashSet<>(); // resources that work for it
  private final Set<Object> suspended = new LinkedHashSet<>();
  private final List<BranchMessage> messages = new ArrayList<>();
  private long bytes;
  private boolean rollbackOnly;
  private boolean ending; // its messages are being stored
  private boolean prepared;
  private List<Part> parts = List.of(); // once prepared

  Branch(BranchId id) {
    this.id = id;
  }

  BranchId id() {
    return id;
  }

  synchronized void join(Object resource) throws XAException {
    if (ending) {
      throw XaFailure.of(XAException.XAER_PROTO, id + " is prepared already");
    }
    active.add(resource);
  }

  synchronized void resume(Object resource) throws XAException {
    if (!suspended.remove(resource)) {
      throw XaFailure.of(XAException.XAER_PROTO, id + " was not suspended here");
    }
    active.add(resource);
  }

  synchronized void suspend(Object resource) throws XAException {
    if (!active.remove(resource)) {
      throw XaFailure.of(XAException.XAER_PROTO, id + " is not worked for here");
    }
    suspended.add(resource);
  }

  synchronized void end(Object resource, boolean failed) throws XAException {
    if (!active.remove(resource) && !suspended.remove(resource)) {
      throw XaFailure.of(XAException.XAER_PROTO, id + " is not worked for here");
    }
    rollbackOnly |= failed;
  }

  /** Keeps a message until the branch is prepared. */
  synchronized void add(Object resource, BranchMessage message, long mostBytes) {
    if (!active.contains(resource)) {
      throw new IllegalStateException("the branch " + id + " is not worked for here any more");
    }
    long more = message.message().body().length;
    if (bytes + more > mostBytes || messages.size() == MOST_MESSAGES) {
      throw new OverloadedException(
          "the branch " + id + " has " + messages.size() + " messages of " + bytes
              + " bytes; " + MOST_MESSAGES + " messages and " + mostBytes
              + " bytes are possible. Send less in one transaction, or raise branchBytes",
          null,
          null);
    }
    messages.add(message);
    bytes += more;
  }

  /**
   * What is to be stored, now that everybody has ended the work.
   *
   * @throws XAException XAER_PROTO while a resource works for it; XA_RBROLLBACK when it can only be
   *     rolled back
   */
  synchronized List<BranchMessage> ended() throws XAException {
    if (!active.isEmpty() || !suspended.isEmpty() || ending) {
      throw XaFailure.of(
          XAException.XAER_PROTO, id + (ending ? " is prepared already" : " is still worked for"));
    }
    if (rollbackOnly) {
      throw XaFailure.of(XAException.XA_RBROLLBACK, "the work for " + id + " has failed");
    }
    ending = true;
    return List.copyOf(messages);
  }

  /**
   * All of it is stored: here.
   *
   * @return false when another thread has rolled it back meanwhile
   */
  synchronized boolean prepared(List<Part> where) {
    if (rollbackOnly) {
      return false;
    }
    prepared = true;
    parts = where;
    messages.clear();
    return true;
  }

  /**
   * It is rolled back. A resource that still works for it or stores its messages learns that.
   *
   * @return false when it is prepared; brokers have to be told
   */
  synchronized boolean abandon() {
    if (prepared) {
      return false;
    }
    rollbackOnly = true;
    active.clear();
    suspended.clear();
    messages.clear();
    return true;
  }

  synchronized boolean isPrepared() {
    return prepared;
  }

  /** Where its half-messages are, once it is prepared. */
  synchronized List<Part> parts() {
    return parts;
  }
}
