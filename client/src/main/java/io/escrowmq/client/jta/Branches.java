package io.escrowmq.client.jta;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.tx.BrokerAnswer;
import io.escrowmq.client.tx.Part;
import io.escrowmq.client.tx.PreparedMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * All branches of one producer group in this client: what a transaction manager calls the resource
 * manager. Any thread; each branch has its own lock.
 *
 * <p>A branch that is prepared lives at the brokers: if this process stops, any other finds it there by
 * its name, and nothing but its manager or an operator ends it.
 */
public final class Branches {

  private final PreparedMessages escrow;
  private final long branchBytes;
  private final Map<BranchId, Branch> branches = new ConcurrentHashMap<>();
  private final Set<BranchId> heuristic = ConcurrentHashMap.newKeySet(); // until forgotten

  /**
   * @param branchBytes bodies that may wait in one branch
   */
  public Branches(PreparedMessages escrow, long branchBytes) {
    this.escrow = escrow;
    this.branchBytes = branchBytes;
  }

  Branch start(Xid xid, int flags, Object resource) throws XAException {
    BranchId id = BranchId.of(xid);
    Branch known = branches.get(id);
    switch (flags) {
      case XAResource.TMNOFLAGS -> {
        Branch begun = new Branch(id);
        begun.join(resource);
        if (branches.putIfAbsent(id, begun) != null) {
          throw XaFailure.of(XAException.XAER_DUPID, id + " exists already");
        }
        return begun;
      }
      case XAResource.TMJOIN -> {
        Branch joined = existing(id, known);
        joined.join(resource);
        return joined;
      }
      case XAResource.TMRESUME -> {
        Branch resumed = existing(id, known);
        resumed.resume(resource);
        return resumed;
      }
      default -> throw XaFailure.of(XAException.XAER_INVAL, "a start with the flags " + flags);
    }
  }

  void end(Xid xid, int flags, Object resource) throws XAException {
    BranchId id = BranchId.of(xid);
    Branch branch = existing(id, branches.get(id));
    switch (flags) {
      case XAResource.TMSUCCESS -> branch.end(resource, false);
      case XAResource.TMFAIL -> branch.end(resource, true);
      case XAResource.TMSUSPEND -> branch.suspend(resource);
      default -> throw XaFailure.of(XAException.XAER_INVAL, "an end with the flags " + flags);
    }
  }

  private static Branch existing(BranchId id, @Nullable Branch known) throws XAException {
    if (known == null) {
      throw XaFailure.of(XAException.XAER_NOTA, "there is no branch " + id);
    }
    return known;
  }

  /** Keeps a message for the branch; returns its id. */
  String add(Branch branch, Message message, Object resource) {
    String messageId = escrow.newMessageId();
    branch.add(resource, new Branch.BranchMessage(message, messageId), branchBytes);
    return messageId;
  }

  /** Stores the branch's half-messages; when this returns XA_OK they survive everything. */
  int prepare(Xid xid) throws XAException {
    BranchId id = BranchId.of(xid);
    Branch branch = existing(id, branches.get(id));
    List<Branch.BranchMessage> messages = ended(branch);
    if (messages.isEmpty()) {
      branches.remove(id);
      return XAResource.XA_RDONLY;
    }
    store(branch, messages);
    return XAResource.XA_OK;
  }

  /** What is to be stored; a branch that can only be rolled back is so and forgotten. */
  private List<Branch.BranchMessage> ended(Branch branch) throws XAException {
    try {
      return branch.ended();
    } catch (XAException e) {
      if (e.errorCode == XAException.XA_RBROLLBACK) {
        branches.remove(branch.id());
      }
      throw e;
    }
  }

  private void store(Branch branch, List<Branch.BranchMessage> messages) throws XAException {
    BranchId id = branch.id();
    PreparedMessages.PendingHalves storing = escrow.store(
        id.name(), messages.stream().map(buffered -> buffered.message().topic()).toList());
    messages.forEach(buffered -> storing.send(buffered.message(), buffered.messageId()));
    try {
      if (!branch.prepared(storing.await())) {
        storing.rollBack();
        throw rolledBackMeanwhile(id);
      }
    } catch (EscrowException e) {
      branches.remove(id, branch);
      storing.rollBack();
      throw XaFailure.of(
          e.mayHaveHappened() ? XAException.XA_RBCOMMFAIL : XAException.XA_RBOTHER,
          "the messages of " + id + " were not stored: " + e.getMessage(),
          e);
    }
  }

  private static XAException rolledBackMeanwhile(BranchId id) {
    return XaFailure.of(
        XAException.XA_RBROLLBACK, id + " was rolled back by another thread meanwhile");
  }

  void commit(Xid xid, boolean onePhase) throws XAException {
    BranchId id = BranchId.of(xid);
    Branch branch = branches.get(id);
    if (onePhase) {
      commitInOnePhase(existing(id, branch));
      return;
    }
    if (branch != null && !branch.isPrepared()) {
      throw XaFailure.of(XAException.XAER_PROTO, id + " is not prepared");
    }
    decide(id, branch, TransactionOutcome.COMMIT);
  }

  private void commitInOnePhase(Branch branch) throws XAException {
    BranchId id = branch.id();
    List<Branch.BranchMessage> messages = ended(branch);
    if (messages.size() > 1) {
      store(branch, messages);
      try {
        decide(id, branch, TransactionOutcome.COMMIT);
      } catch (XAException e) {
        throw e.errorCode == XAException.XAER_RMFAIL
            ? hazard(id, "the commit of " + id + " was not confirmed: " + e.getMessage(), e)
            : e;
      }
      return;
    }
    if (!branch.prepared(List.of())) {
      throw rolledBackMeanwhile(id);
    }
    branches.remove(id, branch);
    for (Branch.BranchMessage only : messages) {
      try {
        escrow.send(only.message(), only.messageId());
      } catch (EscrowException e) {
        throw e.mayHaveHappened()
            ? hazard(id, "the message of " + id + " may be sent or not: " + e.getMessage(), e)
            : XaFailure.of(
                XAException.XA_RBOTHER,
                "the message of " + id + " was not sent: " + e.getMessage(),
                e);
      }
    }
  }

  private XAException hazard(BranchId id, String message, Throwable cause) {
    branches.remove(id);
    heuristic.add(id);
    return XaFailure.of(XAException.XA_HEURHAZ, message, cause);
  }

  void rollback(Xid xid) throws XAException {
    BranchId id = BranchId.of(xid);
    Branch branch = branches.get(id);
    if (branch != null && branch.abandon()) {
      branches.remove(id, branch);
      return;
    }
    decide(id, branch, TransactionOutcome.ROLLBACK);
  }

  /** Tells the brokers that have a part of it; all there are when this process does not know. */
  private void decide(BranchId id, @Nullable Branch branch, TransactionOutcome outcome)
      throws XAException {
    List<Part> parts = branch == null ? everyBroker() : branch.parts();
    List<BrokerAnswer> answers = new ArrayList<>();
    EscrowException unreachable = null;
    for (PreparedMessages.PendingAnswer telling : escrow.tell(id.name(), outcome, parts)) {
      try {
        answers.add(telling.await());
      } catch (EscrowException e) {
        unreachable = e;
      }
    }
    if (unreachable != null) {
      throw XaFailure.of(
          XAException.XAER_RMFAIL,
          "not every broker could be told of the " + outcome + " of " + id + "; tell again: "
              + unreachable.getMessage(),
          unreachable);
    }
    branches.remove(id);
    judge(id, branch != null, outcome, answers);
  }

  private List<Part> everyBroker() throws XAException {
    try {
      return escrow.everyBroker();
    } catch (EscrowException e) {
      throw XaFailure.of(
          XAException.XAER_RMFAIL, "the brokers are not known now: " + e.getMessage(), e);
    }
  }

  private void judge(
      BranchId id, boolean wasStored, TransactionOutcome outcome, List<BrokerAnswer> answers)
      throws XAException {
    List<BrokerAnswer> involved = answers.stream()
        .filter(told -> wasStored || !(told instanceof BrokerAnswer.NoSuchTransaction))
        .toList();
    long agreed =
        involved.stream().filter(BrokerAnswer.Agreement.class::isInstance).count();
    long contrary =
        involved.stream().filter(BrokerAnswer.Contradiction.class::isInstance).count();
    long missing = involved.size() - agreed - contrary;
    if (involved.isEmpty()) {
      throw XaFailure.of(XAException.XAER_NOTA, "no broker knows the branch " + id);
    }
    boolean commit = outcome == TransactionOutcome.COMMIT;
    if (contrary == 0 && (missing == 0 || !commit)) { // what is not there is rolled back
      return;
    }
    int code = commit ? XAException.XA_HEURRB : XAException.XA_HEURCOM;
    if (missing > 0 && commit) {
      code = XAException.XA_HEURHAZ;
    } else if (agreed + missing > 0) {
      code = XAException.XA_HEURMIX;
    }
    heuristic.add(id);
    throw XaFailure.of(code, id + " should end with " + outcome + "; its brokers say " + involved);
  }

  void forget(Xid xid) throws XAException {
    BranchId id = BranchId.of(xid);
    if (!heuristic.remove(id)) {
      throw XaFailure.of(XAException.XAER_NOTA, id + " has not ended against its manager's will");
    }
  }

  /** The branches of the group that any process has prepared and none has ended. */
  Xid[] recover(int flags) throws XAException {
    if ((flags & ~(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)) != 0) {
      throw XaFailure.of(XAException.XAER_INVAL, "a scan with the flags " + flags);
    }
    if ((flags & XAResource.TMSTARTRSCAN) == 0) {
      return new Xid[0];
    }
    try {
      List<Xid> found = new ArrayList<>();
      for (String name : escrow.prepared()) {
        BranchId id = BranchId.parse(name);
        if (id != null && !found.contains(id)) {
          found.add(id);
        }
      }
      heuristic.stream().filter(id -> !found.contains(id)).forEach(found::add);
      return found.toArray(Xid[]::new);
    } catch (EscrowException e) {
      throw XaFailure.of(
          XAException.XAER_RMFAIL,
          "not every broker could say what is prepared: " + e.getMessage(),
          e);
    }
  }
}
