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
 * One branch of a transaction: who works for it, and what it has. Its messages wait here until it is
 * prepared. Owner: whoever holds its lock, which all methods take; a manager's own threads may end it.
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
  record Buffered(Message message, String messageId) {}

  private final BranchId id;
  private final Set<Object> active = new LinkedHashSet<>(); // resources that work for it
  private final Set<Object> suspended = new LinkedHashSet<>();
  private final List<Buffered> messages = new ArrayList<>();
  private long bytes;
  private boolean rollbackOnly;
  private boolean prepared;
  private List<Part> parts = List.of(); // once prepared

  Branch(BranchId id) {
    this.id = id;
  }

  BranchId id() {
    return id;
  }

  synchronized void join(Object resource) throws XAException {
    if (prepared) {
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
  synchronized void add(Object resource, Buffered message, long mostBytes) {
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
   * @throws XAException XAER_PROTO while somebody works for it; XA_RBROLLBACK when it can only be
   *     rolled back
   */
  synchronized List<Buffered> ended() throws XAException {
    if (!active.isEmpty() || !suspended.isEmpty() || prepared) {
      throw XaFailure.of(
          XAException.XAER_PROTO,
          id + (prepared ? " is prepared already" : " is still worked for"));
    }
    if (rollbackOnly) {
      throw XaFailure.of(XAException.XA_RBROLLBACK, "the work for " + id + " has failed");
    }
    return List.copyOf(messages);
  }

  /** All of it is stored: here. */
  synchronized void prepared(List<Part> where) {
    prepared = true;
    parts = where;
    messages.clear();
  }

  /** It is rolled back: who still works for it learns that when he adds to it. */
  synchronized void abandon() {
    rollbackOnly = true;
    active.clear();
    suspended.clear();
    messages.clear();
  }

  synchronized boolean isPrepared() {
    return prepared;
  }

  /** Where its half-messages are, once it is prepared. */
  synchronized List<Part> parts() {
    return parts;
  }
}
