package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Outcome;
import io.escrowmq.tx.Ruling;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody says how a transaction ended: judged on the log loop, recorded if something follows from
 * it, answered when that is safe. One that has to read more than a turn may goes on in a report that
 * follows. Used once.
 */
final class Report implements Proposal {

  private static final Logger LOG = LoggerFactory.getLogger(Report.class);
  private static final int WEIGHT = 512;
  private static final int READ_WEIGHT = 256; // of a half-message that was read

  /**
   * What was said, by whom.
   *
   * @param who the operator; "" when nobody in person
   * @param why the operator's reason
   */
  record Said(Outcome outcome, Decider by, String who, String why) {

    static Said byProducer(Outcome outcome, boolean wasAsked) {
      return new Said(outcome, wasAsked ? Decider.CHECK : Decider.PRODUCER, "", "");
    }
  }

  /**
   * Which transaction is meant.
   *
   * @param id of a half-message of it, or -1
   * @param name what it is called in words; null when only by the id
   */
  record Subject(long id, @Nullable String name) {

    static Subject half(long id) {
      return new Subject(id, null);
    }

    String inWords() {
      return name == null ? "the half-message " + id : name;
    }
  }

  private final EscrowParts escrow;
  private final Call call;
  private final Subject subject;
  private final Said said;
  private final Function<TransactionCoordinator, Ruling> question;
  private final Map<Long, DecisionRecord.Part> read; // by the reports before, of the same call

  private Ruling ruling = new Ruling.Nothing();
  private DecisionWriter.@Nullable Written written;
  private long ruledMillis;

  Report(
      EscrowParts escrow,
      Call call,
      Subject subject,
      Said said,
      Function<TransactionCoordinator, Ruling> question) {
    this(escrow, call, subject, said, question, Map.of());
  }

  private Report(
      EscrowParts escrow,
      Call call,
      Subject subject,
      Said said,
      Function<TransactionCoordinator, Ruling> question,
      Map<Long, DecisionRecord.Part> read) {
    this.escrow = escrow;
    this.call = call;
    this.subject = subject;
    this.said = said;
    this.question = question;
    this.read = read;
  }

  @Override
  public int weight() {
    return WEIGHT + READ_WEIGHT * read.size();
  }

  @Override
  public void rule(Recorder recorder) {
    ruledMillis = recorder.nowMillis();
    ruling = question.apply(escrow.coordinator());
    if (ruling instanceof Ruling.Decide decide) {
      written = escrow.writer().write(recorder, decide, said.by(), said.who(), said.why(), read);
    }
  }

  @Override
  public void settle() {
    DecisionWriter.Written outcome = written;
    if (outcome instanceof DecisionWriter.Written.Done done) {
      escrow.metrics().decided(done.decision(), done.halves());
      if (!call.isOneWay()) { // most are: no answer is made for nobody
        call.reply(DecisionText.reply(done.decision(), false));
      }
    } else if (outcome instanceof DecisionWriter.Written.Unfinished unfinished) {
      goOn(unfinished.read());
    } else if (outcome instanceof DecisionWriter.Written.Refused refused) {
      escrow.metrics().refused();
      settleRefused(refusal(refused));
    } else if (ruling instanceof Ruling.NotOpen) {
      if (!call.isOneWay()) { // it would be read from the disk for nobody
        escrow.answers().answer(call, this::longAgo);
      }
    } else {
      settle(unrecorded());
    }
  }

  private void goOn(Map<Long, DecisionRecord.Part> readSoFar) {
    Report next = new Report(escrow, call, subject, said, question, readSoFar);
    if (!escrow.loop().submit(next)) {
      settleRefused(Reply.refused(
          ResponseCode.SYSTEM_BUSY,
          escrow.loop().waiting() + " requests wait for the log; try again"));
    }
  }

  private void settle(Reply reply) {
    if (!call.isOneWay()) {
      call.reply(reply);
    }
  }

  // Whoever reports one-way would never hear of it.
  private void settleRefused(Reply reply) {
    settle(reply);
    if (call.isOneWay()) {
      String line = escrow.refusals().line(ruledMillis, subject.inWords() + ": " + reply.remark());
      if (line != null) {
        LOG.warn(line);
      }
    }
  }

  private Reply unrecorded() {
    if (ruling instanceof Ruling.AlreadySo already) {
      return DecisionText.reply(already.decision(), true);
    }
    if (ruling instanceof Ruling.Contradicts contrary) {
      escrow.metrics().contradicted();
      return DecisionText.contradiction(contrary.decision());
    }
    if (ruling instanceof Ruling.NotYours other) {
      return Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          subject.inWords() + " belongs to the producer group " + other.owner());
    }
    if (ruling instanceof Ruling.Incomplete incomplete) {
      return Reply.refused(
          ResponseCode.TRANSACTION_INCOMPLETE,
          "of " + subject.inWords() + " only " + incomplete.here()
              + " half-messages are here, fewer"
              + " than its producer knows of; roll it back and do it again");
    }
    return Reply.ok();
  }

  private Reply longAgo() {
    DecisionRecord decided;
    try {
      decided = subject.id() < 0 ? null : escrow.archive().find(subject.id());
    } catch (StorageException e) {
      return Reply.refused(
          ResponseCode.SERVICE_NOT_AVAILABLE,
          "whether " + subject.inWords() + " was decided cannot be read now; try again: "
              + e.getMessage());
    }
    if (decided == null) {
      return Reply.refused(
          ResponseCode.TRANSACTION_NOT_OPEN,
          subject.inWords() + " is not in escrow, and no decision about it is known any more");
    }
    Decision decision = decided.decision();
    // To say UNKNOWN late contradicts nothing.
    if (said.outcome() == Outcome.UNKNOWN || said.outcome().verdict() == decision.verdict()) {
      return DecisionText.reply(decision, true);
    }
    escrow.metrics().contradicted();
    return DecisionText.contradiction(decision);
  }

  private static Reply refusal(DecisionWriter.Written.Refused refused) {
    return switch (refused.why()) {
      case TOPIC_GONE ->
        Reply.refused(
            ResponseCode.TOPIC_NOT_EXIST,
            "the topic " + refused.detail() + " was deleted; create it again, or roll back");
      case DAMAGED, TOO_LARGE -> Reply.refused(ResponseCode.SYSTEM_ERROR, refused.detail());
      case UNREADABLE_NOW ->
        Reply.refused(
            ResponseCode.SERVICE_NOT_AVAILABLE,
            "a half-message of the transaction cannot be read now; try again: " + refused.detail());
      case NOT_WRITTEN ->
        Reply.refused(
            ResponseCode.SYSTEM_BUSY,
            "a half-message of the transaction is just being written; try again");
      case DISK_FULL ->
        Reply.refused(
            ResponseCode.SERVICE_NOT_AVAILABLE,
            "the disk is full, and so is the reserve for decisions; free some space");
    };
  }

  @Override
  public void refuse(String reason) {
    settleRefused(Reply.refused(ResponseCode.SYSTEM_ERROR, reason));
  }

  @Override
  public void abandon(String reason) {
    settle(Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, reason));
  }
}
