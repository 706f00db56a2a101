package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.edge.CallProposal;
import io.escrowmq.broker.edge.DecisionWords;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.ResumeCheckHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports and orders as the protocol has them. Any event loop. */
final class TransactionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionHandler.class);

  private final LogLoop loop;
  private final Reports reports;

  TransactionHandler(LogLoop loop, Reports reports) {
    this.loop = loop;
    this.reports = reports;
  }

  /** END_TRANSACTION: one-way from the protocol's own clients; whoever wants an answer gets one. */
  void end(Call call, EndTransactionHeader header, Rights rights) {
    Outcome outcome = outcome(header.commitOrRollback());
    if (outcome == null) {
      refuseOutcome(call, header.commitOrRollback());
      return;
    }
    reports.ofHalf(
        header.position(),
        header.producerGroup(),
        outcome,
        header.fromCheck(),
        new Answer(call, rights));
  }

  /** DECIDE_TRANSACTION: all half-messages of a name, in one step. */
  void decide(Call call, DecideTransactionHeader header, Rights rights) {
    Outcome outcome = outcome(header.commitOrRollback());
    if (outcome == null) {
      refuseOutcome(call, header.commitOrRollback());
      return;
    }
    reports.ofName(
        new Reports.Name(header.producerGroup(), header.transaction()),
        header.id(),
        header.halfMessages(),
        outcome,
        header.fromCheck(),
        new Answer(call, rights));
  }

  /** ORDER_TRANSACTION: an operator decides. */
  void order(Call call, OrderTransactionHeader header, Rights rights) {
    Outcome outcome = outcome(header.commitOrRollback());
    if (outcome == null || outcome == Outcome.UNKNOWN) {
      refuseOutcome(call, header.commitOrRollback());
      return;
    }
    reports.order(header.id(), outcome, header.who(), header.reason(), new Answer(call, rights));
  }

  /** RECHECK_TRANSACTION: producers are asked anew, from now on. */
  void recheck(Call call, RecheckTransactionHeader header, Rights rights) {
    LOG.info("{} wants transaction {} checked again", header.who(), header.id());
    recheck(call, header.id(), rights);
  }

  /** RESUME_CHECK_HALF_MESSAGE: the same in the protocol's own words. */
  void resumeCheck(Call call, ResumeCheckHeader header, Rights rights) {
    MessageId id = header.messageId() == null ? null : MessageId.parse(header.messageId());
    if (id == null) {
      call.reply(RefusalPage.reply(new Refusal.NoHalfOfId(header.messageId())));
      return;
    }
    recheck(call, id.position(), rights);
  }

  private void recheck(Call call, long id, Rights rights) {
    new CallProposal(
            call,
            recorder -> RefusalPage.replyOrOk(reports.recheck(recorder, id, rights)),
            () -> {})
        .offerTo(loop);
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
    call.reply(RefusalPage.reply(new Refusal.BadValue("commitOrRollback is " + value
        + ": 8 commits and 12 rolls back; 0, where a producer reports,"
        + " says that it does not know yet")));
  }

  /** Tells who listens; most do not, and no answer is made for nobody. */
  private record Answer(Call call, Rights rights) implements Report.Reporter {

    @Override
    public boolean listens() {
      return !call.isOneWay();
    }

    @Override
    public boolean isThere() {
      return call.connection().isOpen();
    }

    @Override
    public void decided(Decision decision, int leftOut) {
      if (listens()) {
        call.reply(new Reply(
            ResponseCode.SUCCESS,
            leftOut == 0 ? null : leftOutInWords(leftOut),
            header(decision, false, leftOut),
            Body.EMPTY));
      }
    }

    private static String leftOutInWords(int leftOut) {
      return leftOut + " half-messages of the transaction became visible nowhere: their topics were"
          + " deleted after they were sent";
    }

    @Override
    public void decidedBefore(Decision decision) {
      if (listens()) {
        call.reply(Reply.ok(header(decision, true, 0)));
      }
    }

    @Override
    public void decidedOtherwise(Decision decision) {
      if (listens()) {
        call.reply(new Reply(
            ResponseCode.TRANSACTION_DECIDED_OTHERWISE,
            DecisionWords.of(decision) + "; that stands",
            header(decision, true, 0),
            Body.EMPTY));
      }
    }

    private static WireHeader header(Decision decision, boolean again, int leftOut) {
      return new DecisionResponseHeader(
          decision.verdict().name(), decision.timeMillis(), decision.by().name(), again, leftOut);
    }

    @Override
    public void noted() {
      if (listens()) {
        call.reply(Reply.ok());
      }
    }

    @Override
    public void refused(Refusal why) {
      if (listens()) {
        call.reply(RefusalPage.reply(why));
      }
    }
  }
}
