package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.CallProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.ResumeCheckHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What producers and operators say about transactions. Any event loop. */
final class TransactionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionHandler.class);

  private static final int LONGEST_WHO = 80; // characters
  private static final int LONGEST_REASON = 1000;

  private final LogLoop loop;
  private final EscrowParts escrow;

  TransactionHandler(LogLoop loop, EscrowParts escrow) {
    this.loop = loop;
    this.escrow = escrow;
  }

  /** END_TRANSACTION: one-way from the protocol's own clients; whoever wants an answer gets one. */
  void end(Call call, EndTransactionHeader header) {
    Outcome outcome = outcome(header.commitOrRollback());
    if (outcome == null) {
      refuseOutcome(call, header.commitOrRollback());
      return;
    }
    if (header.fromCheck()) {
      escrow.metrics().checkAnswered();
    }
    offer(new Report(
        escrow,
        call,
        Report.Subject.half(header.position()),
        Report.Said.byProducer(outcome, header.fromCheck()),
        coordinator -> coordinator.onReport(header.position(), header.producerGroup(), outcome)));
  }

  /** DECIDE_TRANSACTION: all half-messages of a name, in one step. */
  void decide(Call call, DecideTransactionHeader header) {
    Outcome outcome = outcome(header.commitOrRollback());
    if (outcome == null) {
      refuseOutcome(call, header.commitOrRollback());
      return;
    }
    if (header.fromCheck()) {
      escrow.metrics().checkAnswered();
    }
    String inWords =
        "the transaction " + header.transaction() + " of the group " + header.producerGroup();
    offer(new Report(
        escrow,
        call,
        new Report.Subject(header.id(), inWords),
        Report.Said.byProducer(outcome, header.fromCheck()),
        coordinator -> coordinator.onReport(
            header.producerGroup(), header.transaction(), header.halfMessages(), outcome)));
  }

  /** ORDER_TRANSACTION: an operator decides. */
  void order(Call call, OrderTransactionHeader header) {
    Outcome outcome = outcome(header.commitOrRollback());
    if (outcome == null || outcome == Outcome.UNKNOWN) {
      refuseOutcome(call, header.commitOrRollback());
      return;
    }
    if (header.who().length() > LONGEST_WHO || header.reason().length() > LONGEST_REASON) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "who decides has " + header.who().length() + " characters and the reason "
              + header.reason().length() + ", at most " + LONGEST_WHO + " and " + LONGEST_REASON
              + " are allowed"));
      return;
    }
    LOG.info("{} orders {} of transaction {}", header.who(), outcome, header.id());
    offer(new Report(
        escrow,
        call,
        Report.Subject.half(header.id()),
        new Report.Said(outcome, Decider.OPERATOR, header.who(), header.reason()),
        coordinator -> coordinator.onOrder(header.id(), outcome.verdict())));
  }

  /** RECHECK_TRANSACTION: producers are asked anew, from now on. */
  void recheck(Call call, RecheckTransactionHeader header) {
    LOG.info("{} wants transaction {} checked again", header.who(), header.id());
    resume(call, header.id());
  }

  /** RESUME_CHECK_HALF_MESSAGE: the same in the protocol's own words. */
  void resumeCheck(Call call, ResumeCheckHeader header) {
    MessageId id = header.messageId() == null ? null : MessageId.parse(header.messageId());
    if (id == null) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR, header.messageId() + " is not the id of a half-message"));
      return;
    }
    resume(call, id.position());
  }

  private void resume(Call call, long id) {
    new CallProposal(call, recorder -> resumed(recorder, id), () -> {}).offerTo(loop);
  }

  private Reply resumed(Recorder recorder, long id) {
    OpenTransaction open = escrow.coordinator().find(id);
    if (open == null) {
      return Reply.refused(
          ResponseCode.TRANSACTION_NOT_OPEN,
          "the half-message " + id + " is not in escrow; tx show tells what was decided");
    }
    if (open.isPrepared()) {
      return Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the half-message " + id + " was prepared by a transaction manager, and no producer can"
              + " tell how it ends: commit or roll it back as that manager did");
    }
    CheckRecord resumed = new CheckRecord(
        CheckRecord.What.RESUMED, List.of(new CheckRecord.Entry(open.id(), recorder.nowMillis())));
    byte[] payload = resumed.payload();
    if (!recorder.hasReserveRoom(payload.length)) {
      return Refusals.noRoom(recorder, payload.length);
    }
    recorder.record(RecordKind.CHECK, 0, payload);
    return Reply.ok();
  }

  private void offer(Report report) {
    if (!loop.offer(report)) {
      report.abandon("[OVERLOAD] " + loop.waiting() + " requests wait for the log; try again");
    }
  }

  private static @Nullable Outcome outcome(int commitOrRollback) {
    return switch (commitOrRollback) {
      case SysFlags.TRANSACTION_COMMIT -> Outcome.COMMIT;
      case SysFlags.TRANSACTION_ROLLBACK -> Outcome.ROLLBACK;
      case SysFlags.TRANSACTION_NONE -> Outcome.UNKNOWN;
      default -> null;
    };
  }

  private static void refuseOutcome(Call call, int value) {
    call.reply(Reply.refused(
        ResponseCode.INVALID_PARAMETER,
        "commitOrRollback is " + value
            + ": 8 commits and 12 rolls back; 0, where a producer reports,"
            + " says that it does not know yet"));
  }
}
