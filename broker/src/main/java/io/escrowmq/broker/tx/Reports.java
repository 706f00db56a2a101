package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Rights;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What producers and operators say about transactions, whatever protocol they speak. Any event loop. */
final class Reports {

  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  private static final int LONGEST_WHO = 80; // characters
  private static final int LONGEST_REASON = 1000;

  private final LogLoop loop;
  private final EscrowParts escrow;

  Reports(LogLoop loop, EscrowParts escrow) {
    this.loop = loop;
    this.escrow = escrow;
  }

  /** A producer tells how the transaction of a half-message ended. */
  void ofHalf(long id, String group, Outcome outcome, boolean wasAsked, Report.Reporter reporter) {
    countAnswer(wasAsked);
    offer(new Report(
        escrow,
        reporter,
        Report.Subject.half(id),
        Report.Statement.byProducer(outcome, wasAsked),
        coordinator -> coordinator.onReport(id, group, outcome)));
  }

  /**
   * A producer tells how a transaction of its own name ended: all half-messages, in one step.
   *
   * @param id of a half-message of it, or -1
   * @param halfMessages how many it has sent
   */
  void ofName(
      Name name,
      long id,
      int halfMessages,
      Outcome outcome,
      boolean wasAsked,
      Report.Reporter reporter) {
    countAnswer(wasAsked);
    offer(new Report(
        escrow,
        reporter,
        new Report.Subject(id, name.inWords()),
        Report.Statement.byProducer(outcome, wasAsked),
        coordinator ->
            coordinator.onReport(name.group(), name.transaction(), halfMessages, outcome)));
  }

  /** What a producer calls a transaction. */
  record Name(String group, String transaction) {

    String inWords() {
      return "the transaction " + transaction + " of the group " + group;
    }
  }

  private void countAnswer(boolean wasAsked) {
    if (wasAsked) {
      escrow.metrics().checkAnswered();
    }
  }

  /** An operator decides: commits or rolls back. */
  void order(long id, Outcome outcome, String who, String reason, Report.Reporter reporter) {
    if (who.length() > LONGEST_WHO || reason.length() > LONGEST_REASON) {
      reporter.refused(
          new Refusal.OrderTooLong(who.length(), reason.length(), LONGEST_WHO, LONGEST_REASON));
      return;
    }
    LOG.info("{} orders {} of transaction {}", who, outcome, id);
    offer(new Report(
        escrow,
        reporter,
        Report.Subject.half(id),
        new Report.Statement(outcome, Decider.OPERATOR, who, reason),
        coordinator -> coordinator.onOrder(id, outcome.verdict())));
  }

  private void offer(Report report) {
    if (!loop.offer(report)) {
      report.abandon("[OVERLOAD] " + loop.waiting() + " requests wait for the log; try again");
    }
  }

  /** Has producers asked anew, from now on; why not, null when they will be. Log loop. */
  @Nullable
  Refusal recheck(Recorder recorder, long id, Rights rights) {
    OpenTransaction open = escrow.coordinator().find(id);
    if (open == null) {
      return new Refusal.HalfNotInEscrow(id);
    }
    String forbidden = Report.forbidden(open, rights);
    if (forbidden != null) {
      return new Refusal.NotPermitted(forbidden);
    }
    if (open.isPrepared()) {
      return new Refusal.HalfOfManager(id);
    }
    CheckRecord resumed = new CheckRecord(
        CheckRecord.What.RESUMED, List.of(new CheckRecord.Entry(open.id(), recorder.nowMillis())));
    byte[] payload = resumed.payload();
    if (!recorder.hasReserveRoom(payload.length)) {
      return Refusals.noRoom(recorder, payload.length);
    }
    recorder.record(RecordKind.CHECK, 0, payload);
    return null;
  }
}
