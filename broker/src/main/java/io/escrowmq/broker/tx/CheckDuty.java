package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.Rights;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Effect;
import io.escrowmq.tx.Outcome;
import io.escrowmq.tx.Ruling;
import io.escrowmq.tx.TransactionCoordinator;
import io.escrowmq.tx.Verdict;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has producers asked about transactions that are due, and deals with those that nobody answered.
 * Owner: the log loop.
 *
 * <p>That somebody is asked is recorded first: a crash cannot give a transaction more checks than it
 * has. The question itself may be lost; then the next check asks again.
 */
final class CheckDuty implements Duty {

  private static final Logger LOG = LoggerFactory.getLogger(CheckDuty.class);
  private static final Report.Statement EXHAUSTED =
      new Report.Statement(Outcome.ROLLBACK, Decider.EXHAUSTION, "", "");

  private static final int ENTRY_BYTES = 64; // of one transaction in a record, at most

  private final EscrowParts escrow;
  private final Producers producers;
  private final ReturningProducers returning;
  private final CheckSender sender;
  private final ExhaustionPolicy policy;
  private final ExhaustedTopic topic;
  private final InstantSource clock;
  private final Ticker ticker;

  CheckDuty(
      EscrowParts escrow,
      Producers producers,
      ReturningProducers returning,
      CheckSender sender,
      ExhaustionPolicy policy,
      ExhaustedTopic topic,
      InstantSource clock,
      Ticker ticker) {
    this.escrow = escrow;
    this.producers = producers;
    this.returning = returning;
    this.sender = sender;
    this.policy = policy;
    this.topic = topic;
    this.clock = clock;
    this.ticker = ticker;
  }

  @Override
  public long nextMillis() {
    if (returning.hasCome()) {
      return 0;
    }
    long next = escrow.coordinator().nextTick();
    return next == Long.MAX_VALUE ? next : clock.millis() + next - ticker.millis();
  }

  @Override
  public void onTick(Recorder recorder) {
    TransactionCoordinator coordinator = escrow.coordinator();
    returning.take(coordinator::producerCame);
    long tick = ticker.millis();
    coordinator.clockIsAhead(recorder.nowMillis() - tick);
    List<Effect> due = coordinator.onTick(tick);
    if (due.isEmpty() || !recorder.hasReserveRoom(due.size() * ENTRY_BYTES)) {
      return; // on a full disk they stay due
    }
    topic.onTurn();
    List<Effect.Ask> asked = new ArrayList<>();
    List<CheckRecord.Entry> suspended = new ArrayList<>();
    for (Effect effect : due) {
      if (effect instanceof Effect.Ask ask) {
        if (producers.isAnyHere(ask.group())) {
          asked.add(ask);
        } else {
          coordinator.noProducer(ask.id());
          returning.missed(ask.group());
          escrow.metrics().unanswerable();
        }
      } else {
        exhausted(recorder, effect.id(), suspended);
      }
    }
    record(recorder, CheckRecord.What.SUSPENDED, suspended);
    record(
        recorder,
        CheckRecord.What.ASKED,
        asked.stream()
            .map(ask -> new CheckRecord.Entry(ask.id(), ask.nextMillis()))
            .toList());
    if (!asked.isEmpty()) {
      recorder.whenSafe(() -> sender.ask(asked));
    }
    if (!suspended.isEmpty()) {
      LOG.warn(
          "{} transactions are suspended: all checks were in vain; see tx list --suspended",
          suspended.size());
    }
  }

  private static void record(
      Recorder recorder, CheckRecord.What what, List<CheckRecord.Entry> entries) {
    if (!entries.isEmpty()) {
      recorder.record(RecordKind.CHECK, 0, new CheckRecord(what, entries).payload());
    }
  }

  // A transaction that cannot be dealt with as the settings want is suspended, and no other one. A
  // transaction that is being copied stays due.
  private void exhausted(Recorder recorder, long id, List<CheckRecord.Entry> suspended) {
    try {
      if (policy == ExhaustionPolicy.SUSPEND
          || !(escrow.coordinator().onOrder(id, Verdict.ROLLBACK)
              instanceof Ruling.Decide ruling)) {
        suspended.add(new CheckRecord.Entry(id, 0));
        return;
      }
      ExhaustedTopic.CopyProgress taken = policy == ExhaustionPolicy.SYSTEM_TOPIC
          ? topic.take(recorder, id, ruling.halves())
          : ExhaustedTopic.CopyProgress.ALL;
      if (taken == ExhaustedTopic.CopyProgress.NOT
          || (taken == ExhaustedTopic.CopyProgress.ALL && !isDecided(recorder, ruling))) {
        suspended.add(new CheckRecord.Entry(id, 0));
      }
    } catch (StorageException | BadInputException e) {
      LOG.error("the half-message {} cannot be dealt with; its transaction is kept", id, e);
      suspended.add(new CheckRecord.Entry(id, 0));
    }
  }

  private boolean isDecided(Recorder recorder, Ruling.Decide ruling) {
    DecisionWriter.WriteResult written =
        escrow.writer().write(recorder, ruling, EXHAUSTED, Rights.ALL, new ReadHalves());
    if (written instanceof DecisionWriter.WriteResult.Complete done) {
      escrow.metrics().decided(done);
      return true;
    }
    return false;
  }
}
