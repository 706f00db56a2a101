package io.escrowmq.broker.core;

import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of the log's tail and of every view that applies records.
 *
 * <p>Its order is all it knows: take what waits; for each request rule, record and apply; write once;
 * act when it is safe. A loop is not a thread. The thread that has the turn runs it: mostly the event
 * loop that has just read requests, because waking another thread costs two thread switches for each
 * small batch, half of what a send costs; else a {@link LoopThread}; in a test, the test.
 *
 * <p>A request, a duty or an answer that fails does so alone: it is refused, left out or counted, and
 * the loop goes on. Only a failure of the log itself stops it, or an exception between the appending
 * of a record and the end of its applying: then the views may differ from the log. A failed write is
 * never repaired in memory. The loop stops for good, the log takes nothing more, all that wait are
 * told so, and a restart asks the log.
 */
public final class LogLoop implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(LogLoop.class);

  private static final int PROPOSALS_A_TURN = 1024;
  private static final int TURNS_OF_A_GUEST = 4;
  private static final long SLOW_MILLIS = 5; // a write this long means that the disk holds us up
  private static final long PAUSE_FACTOR = 10; // so that guests wait for it a tenth of their time
  private static final long LONGEST_PAUSE_MILLIS = 10_000; // a disk may stall once, for minutes
  private static final long HELD_UP_MILLIS = 10; // until the loop's thread looks again
  private static final int BYTES_A_TURN = 1 << 20; // a turn ends with the proposal that passes it

  private final CommitLog log;
  private final TurnRecorder recorder;
  private final ConsumeQueues queues;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Settlement settlement;
  private final Inbox inbox;
  private final Wakeup wakeup;
  private final FailureLog failedRequests;
  private final FailureLog failedAnswers;
  private final Batch.Surroundings surroundings;
  private final List<GuardedDuty> duties = new ArrayList<>();
  private final Consumer<String> whenFailed;
  private final Supplier<@Nullable Refusal> shortage;

  private final AtomicBoolean turning = new AtomicBoolean(); // its setter owns all below

  private volatile long slowUntilTick;
  private volatile long dueTick; // when the next duty is due, as the last turn left it
  private volatile long toldTick = Long.MAX_VALUE; // what the loop's thread goes by
  private List<Proposal> ruled = new ArrayList<>();
  private long load; // of what was polled in this turn
  private volatile @Nullable String stopped; // why; set once

  LogLoop(
      CommitLog log,
      Appliers appliers,
      ConsumeQueues queues,
      Surroundings machine,
      LogListeners listeners,
      Settlement settlement,
      Inbox inbox) {
    this.log = log;
    this.recorder = new TurnRecorder(log, appliers, this::whenSafe);
    this.queues = queues;
    this.clock = machine.clock();
    this.ticker = machine.ticker();
    this.settlement = settlement;
    this.inbox = inbox;
    this.wakeup = listeners.wakeup();
    this.whenFailed = listeners.whenFailed();
    this.shortage = listeners.shortage();
    this.failedRequests = new FailureLog("it alone was refused", ticker);
    this.failedAnswers = new FailureLog("whoever waits for it was not answered", ticker);
    this.surroundings = new Batch.Surroundings(listeners.arrivals(), inbox, failedAnswers);
  }

  /** Registers work that is due by time. Before the first turn. */
  public void add(Duty duty) {
    duties.add(new GuardedDuty(duty));
  }

  /**
   * Hands a proposal over; any thread. It is taken with the next call of {@link #go}, as the
   * network does after each read. False when the inbox is full: nothing happened, try later. A
   * proposal that comes after the loop has stopped is abandoned at once.
   */
  public boolean offer(Proposal proposal) {
    String why = stopped;
    if (why != null) {
      proposal.abandon(why);
      return true;
    }
    if (!inbox.offer(proposal)) {
      return false;
    }
    if (stopped != null) {
      abandonWaiting();
    }
    return true;
  }

  /** Hands over a proposal that did not come with a read of the network, and wakes the loop's thread. */
  public boolean submit(Proposal proposal) {
    boolean taken = offer(proposal);
    wakeup.wake();
    return taken;
  }

  /** Has the duties looked at soon; any thread. */
  public void wake() {
    wakeup.wake();
  }

  /**
   * Processes waiting proposals. If another thread holds the turn, it re-checks the inbox before
   * releasing it. An event loop does a few turns at most, and none while the disk is slow, because it
   * has other connections to serve.
   */
  public void go() {
    if (ticker.millis() < slowUntilTick) {
      wakeup.wake();
      return;
    }
    for (int i = 0; i < TURNS_OF_A_GUEST && hasWork(); i++) {
      if (!takeTurn()) {
        return;
      }
      try {
        ownedTurn();
      } finally {
        leaveTurn();
      }
    }
    if (hasWork() || dueTick < toldTick) {
      wakeup.wake();
    }
  }

  /** Why the loop takes nothing any more; null while it works. */
  public @Nullable String stopped() {
    return stopped;
  }

  /** Whether messages that are new need not be prepared: too much waits to take them. Any thread. */
  public boolean isBusy() {
    return stopped == null && inbox.isBusy();
  }

  /** Why new messages would be refused now: there are too many, or too few replicas; null in general. Any thread. */
  public @Nullable Refusal refusal() {
    return isBusy() ? Refusals.busy(this) : shortage.get();
  }

  /** How many proposals wait. */
  public int waiting() {
    return inbox.size();
  }

  @Override
  public int turn() {
    int moved;
    do {
      if (!takeTurn()) {
        return 0;
      }
      try {
        moved = ownedTurn();
      } finally {
        leaveTurn();
      }
    } while (moved == 0 && hasWork());
    return moved;
  }

  private boolean takeTurn() {
    return turning.compareAndSet(false, true);
  }

  private void leaveTurn() {
    turning.set(false);
  }

  private int ownedTurn() {
    if (stopped != null) {
      return 0;
    }
    recorder.begin(clock.millis());
    long nowMillis = recorder.nowMillis();
    try {
      if (log.failure() != null) { // of a sync, that is: on another thread
        throw log.failure();
      }
      long before = log.end();
      int moved = ruleOnWaiting(before);
      for (GuardedDuty duty : duties) {
        if (duty.nextMillis(nowMillis) <= nowMillis) {
          tick(duty);
        }
      }
      dueTick = earliestDuty();
      if (recorder.isApplying()) {
        throw new IllegalStateException("a view did not apply a record, and nobody was told");
      }
      if (moved == 0 && log.end() == before) {
        return 0;
      }
      write();
      hand();
      queues.sealTouched(); // last: no answer waits for it
      inbox.taken(moved, ticker);
      return Math.max(1, moved);
    } catch (RuntimeException | Error e) {
      fail(
          log.failure() == null
              ? "the log loop stopped on a broken promise: " + e
              : "the log stopped: " + e.getMessage(),
          e);
      return 0;
    }
  }

  private void tick(GuardedDuty duty) {
    try {
      duty.onTick(recorder);
    } catch (RuntimeException | Error e) {
      if (isLogUnknown()) {
        throw e;
      }
      duty.failed(
          recorder.nowMillis(), e); // what it recorded is applied: as if the next tick did the rest
    }
  }

  // A record that not every view may have applied; or the log failed.
  private boolean isLogUnknown() {
    return recorder.isApplying() || log.failure() != null;
  }

  // If the clock leaps meanwhile, the loop's thread, which looks once a second, is late by that.
  private long earliestDuty() {
    long earliest = Long.MAX_VALUE;
    long nowMillis = recorder.nowMillis();
    for (GuardedDuty duty : duties) {
      earliest = Math.min(earliest, duty.nextMillis(nowMillis));
    }
    return earliest == Long.MAX_VALUE ? earliest : ticker.millis() + earliest - nowMillis;
  }

  /**
   * As the last turn left it: only the thread that has the turn asks the duties. The loop's thread goes
   * by this answer until it is woken; a guest whose turn has made something due earlier wakes it.
   */
  @Override
  public long nextMillis() {
    long next;
    do { // a turn that changes what is due reads what was told: one of the two sees the other
      next = dueTick;
      toldTick = next;
    } while (dueTick < next);
    if (turning.get()) { // a thread has the turn, and does what is due unless the disk is slow
      return Math.max(next, ticker.millis() + HELD_UP_MILLIS);
    }
    return next;
  }

  /** False while another thread has the turn: it looks again before it leaves, so no turn is in vain. */
  @Override
  public boolean hasWork() {
    return stopped == null && !turning.get() && (!inbox.isEmpty() || log.failure() != null);
  }

  /** Takes nothing more; all that still wait are told the reason. Waits for the turn. */
  void stop(String reason) {
    while (!takeTurn()) {
      Thread.onSpinWait();
    }
    try {
      halt(reason);
    } finally {
      leaveTurn();
    }
  }

  private void fail(String reason, Throwable cause) {
    log.fail(reason, cause); // from here on nothing is written, at an orderly end neither
    LOG.error("{}; restart the broker", reason, cause);
    halt(reason);
    whenFailed.accept(reason);
  }

  private void halt(String reason) {
    if (stopped == null) {
      stopped = reason;
    }
    dueTick = Long.MAX_VALUE;
    ruled.forEach(proposal -> abandon(proposal, reason));
    ruled = new ArrayList<>();
    abandonWaiting();
  }

  // Only the write is looked at: ruling is long when the processors are busy, and then another
  // thread for it makes matters worse.
  private void write() {
    long before = ticker.millis();
    log.write();
    long after = ticker.millis();
    if (after - before >= SLOW_MILLIS) {
      slowUntilTick = after + Math.min(PAUSE_FACTOR * (after - before), LONGEST_PAUSE_MILLIS);
    }
  }

  private int ruleOnWaiting(long before) {
    int moved = 0;
    while (moved < PROPOSALS_A_TURN && log.end() - before + recorder.readBytes() < BYTES_A_TURN) {
      Proposal proposal = inbox.poll();
      if (proposal == null) {
        break;
      }
      load += Inbox.load(proposal);
      rule(proposal);
      moved++;
    }
    return moved;
  }

  private void rule(Proposal proposal) {
    long recordsBefore = recorder.records();
    int place = ruled.size();
    ruled.add(proposal);
    try {
      proposal.rule(recorder);
    } catch (RuntimeException | Error e) {
      if (isLogUnknown() || recorder.records() != recordsBefore) {
        throw e;
      }
      failedRequests.add(proposal.getClass().getSimpleName(), e);
      ruled.subList(place, ruled.size()).clear(); // it and its effects
      ruled.add(new RefusedProposal(
          proposal, "the request could not be served, nothing was recorded: " + e));
    }
  }

  // It is settled behind all that was ruled on so far.
  private void whenSafe(Runnable effect) {
    ruled.add(new InnerProposal(nothing -> {}, effect));
  }

  private void hand() {
    List<ConsumeQueue> grown = new ArrayList<>();
    long[] tails = new long[queues.touched()];
    queues.handOverTouched((queue, tail) -> {
      tails[grown.size()] = tail;
      grown.add(queue);
    });
    Batch batch = new Batch(log.written(), grown, tails, ruled, load, surroundings);
    ruled = new ArrayList<>();
    load = 0;
    settlement.hand(batch);
  }

  private synchronized void abandonWaiting() { // the inbox has one reader at a time
    String why = String.valueOf(stopped);
    for (Proposal p = inbox.poll(); p != null; p = inbox.poll()) {
      abandon(p, why);
    }
  }

  private void abandon(Proposal proposal, String reason) {
    try {
      proposal.abandon(reason);
    } catch (RuntimeException | Error e) {
      failedAnswers.add(proposal.getClass().getSimpleName(), e);
    }
  }

  /** Has counted what failed alone. Once, and when all duties are there. */
  public void register(MetricRegistry metrics) {
    metrics.counter(
        "escrowmq_failed_requests_total",
        "Requests that were refused alone because ruling on them failed.",
        failedRequests::count);
    metrics.counter(
        "escrowmq_failed_answers_total",
        "Answers and effects that failed when what they waited for was safe.",
        failedAnswers::count);
    metrics.counter(
        "escrowmq_failed_duties_total",
        "How often work that is due by time failed, and was left out for a while.",
        () -> duties.stream().mapToLong(GuardedDuty::failures).sum());
    metrics.gauge(
        "escrowmq_failing_duties",
        "Work that is due by time and failed when it was last tried; above 0 is an alarm.",
        () -> duties.stream().filter(GuardedDuty::isFailing).count());
  }
}
