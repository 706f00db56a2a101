package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Rights;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.Outcome;
import io.escrowmq.tx.Ruling;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer or an operator says how a transaction ended: judged on the log loop, recorded if something follows from
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
   * @param who the operator; "" for a producer
   * @param why the operator's reason
   */
  record Statement(Outcome outcome, Decider by, String who, String why) {

    static Statement byProducer(Outcome outcome, boolean wasAsked) {
      return new Statement(outcome, wasAsked ? Decider.CHECK : Decider.PRODUCER, "", "");
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

  /** Who says so, and how it is told what came of it. */
  interface Reporter {

    /** What it may do to transactions of which only a half-message is named. */
    Rights rights();

    /** Whether it wants to be told; most do not. */
    boolean listens();

    /** Whether it is still there. */
    boolean isThere();

    /**
     * It is decided as the reporter says.
     *
     * @param leftOut how many half-messages become visible nowhere, because their topic was deleted
     */
    void decided(Decision decision, int leftOut);

    /** It had been decided before as the reporter says. */
    void decidedBefore(Decision decision);

    /** It is decided the other way, and stays so. */
    void decidedOtherwise(Decision decision);

    /** Nothing follows from it. */
    void noted();

    void refused(Refusal why);
  }

  private final EscrowParts escrow;
  private final Reporter reporter;
  private final Subject subject;
  private final Statement said;
  private final Function<TransactionCoordinator, Ruling> question;
  private final ReadHalves read; // by the reports before, of the same call, and by this one

  private Ruling ruling = new Ruling.Nothing();
  private DecisionWriter.@Nullable WriteResult written;
  private long ruledMillis;

  Report(
      EscrowParts escrow,
      Reporter reporter,
      Subject subject,
      Statement said,
      Function<TransactionCoordinator, Ruling> question) {
    this(escrow, reporter, subject, said, question, new ReadHalves());
  }

  private Report(
      EscrowParts escrow,
      Reporter reporter,
      Subject subject,
      Statement said,
      Function<TransactionCoordinator, Ruling> question,
      ReadHalves read) {
    this.escrow = escrow;
    this.reporter = reporter;
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
    String forbidden = said.by() == Decider.OPERATOR
        ? forbidden(escrow.coordinator().find(subject.id()), reporter.rights())
        : null; // producers say which group they are of, and the rules compare it
    if (forbidden != null) {
      written = new DecisionWriter.WriteResult.NotNow(new Refusal.NotPermitted(forbidden));
      return;
    }
    ruling = question.apply(escrow.coordinator());
    if (ruling instanceof Ruling.Decide decide) {
      written = escrow.writer().write(recorder, decide, said, reporter.rights(), read);
    }
  }

  /** Why an operator may do nothing about a transaction that is open; null when he may. */
  static @Nullable String forbidden(@Nullable OpenTransaction open, Rights rights) {
    return open == null ? null : rights.refusalOfGroup(open.group());
  }

  @Override
  public void settle() {
    DecisionWriter.WriteResult outcome = written;
    if (outcome instanceof DecisionWriter.WriteResult.Complete complete) {
      escrow.metrics().decided(complete);
      reporter.decided(complete.decision(), complete.leftOut());
    } else if (outcome instanceof DecisionWriter.WriteResult.Partial) {
      goOn();
    } else if (outcome instanceof DecisionWriter.WriteResult.NotNow notNow) {
      escrow.metrics().refused();
      refused(notNow.why());
    } else if (ruling instanceof Ruling.NotOpen) {
      if (reporter.listens()) { // else it would be read from the disk in vain
        escrow.answers().answer(new LongAgo());
      }
    } else {
      tellUnrecorded();
    }
  }

  private void goOn() {
    Report next = new Report(escrow, reporter, subject, said, question, read);
    if (!escrow.loop().submit(next)) {
      refused(new Refusal.ReportsWait(escrow.loop().waiting()));
    }
  }

  // A reporter that does not listen would never hear of it: the broker's log does.
  private void refused(Refusal why) {
    reporter.refused(why);
    if (!reporter.listens()) {
      String line =
          escrow.refusals().line(ruledMillis, subject.inWords() + ": " + RefusalPage.words(why));
      if (line != null) {
        LOG.warn(line);
      }
    }
  }

  private void tellUnrecorded() {
    if (ruling instanceof Ruling.AlreadySo already) {
      reporter.decidedBefore(already.decision());
    } else if (ruling instanceof Ruling.Contradicts contrary) {
      tellContradiction(contrary.decision());
    } else if (ruling instanceof Ruling.NotYours other) {
      reporter.refused(new Refusal.NotYourTransaction(subject.inWords(), other.owner()));
    } else if (ruling instanceof Ruling.Incomplete incomplete) {
      reporter.refused(new Refusal.TransactionIncomplete(subject.inWords(), incomplete.here()));
    } else {
      reporter.noted();
    }
  }

  private void tellContradiction(Decision decision) {
    escrow.metrics().contradicted();
    reporter.decidedOtherwise(decision);
  }

  /** It is not open: the answer is an old decision, which is read from the disk. */
  private final class LongAgo implements LateAnswers.Question {

    @Override
    public boolean isHeard() {
      return reporter.isThere();
    }

    @Override
    public Runnable prepare() {
      DecisionRecord decided;
      try {
        decided = subject.id() < 0 ? null : escrow.archive().find(subject.id());
      } catch (StorageException e) {
        String why = String.valueOf(e.getMessage());
        return () -> refused(new Refusal.DecisionUnreadable(subject.inWords(), why));
      }
      if (decided == null) {
        return () -> refused(new Refusal.TransactionUnknown(subject.inWords()));
      }
      Decision decision = decided.decision();
      // To say UNKNOWN late contradicts nothing.
      return said.outcome() == Outcome.UNKNOWN || said.outcome().verdict() == decision.verdict()
          ? () -> reporter.decidedBefore(decision)
          : () -> tellContradiction(decision);
    }

    @Override
    public void refused(Refusal why) {
      reporter.refused(why);
    }
  }

  @Override
  public void refuse(String reason) {
    refused(new Refusal.NotServed(reason));
  }

  @Override
  public void abandon(String reason) {
    reporter.refused(new Refusal.LogStopped(reason));
  }
}
