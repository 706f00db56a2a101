package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.FetchLogResponseHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.LogDivergedHeader;
import io.escrowmq.remoting.header.ProveReplicaResponseHeader;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.BadCopyException;
import io.escrowmq.store.StorageException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the log of a leader: greets, proves who it is, fetches; one request at a time, and the next when the
 * answer to the last is written. What goes wrong with the leader is tried again from the beginning, with a
 * pause; what goes wrong with the own disk, or can never be mended by trying, ends it.
 */
final class FollowerLoop implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(FollowerLoop.class);

  private static final long LEAST_PAUSE_MILLIS =
      50; // a leader that has just been elected is there soon
  private static final long MOST_PAUSE_MILLIS = 1_000;
  private static final int USUAL_BYTES = 1 << 20;

  /** What came of a request: an answer, or the reason why there is none. */
  private record Outcome(@Nullable Answer answer, @Nullable Throwable failure) {}

  private enum Step {
    GREET,
    PROVE,
    FETCH
  }

  private final Leader leader;
  private final CopiedLog log;
  private final Ticker ticker;
  private final Wakeup worker;
  private final Consumer<String> whenFailed;
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

  private Step step = Step.GREET;
  private @Nullable GreetReplicaResponseHeader greeted;
  private int epoch;
  private int mostBytes = USUAL_BYTES;
  private boolean isAsking;
  private boolean isOver;
  private boolean wasInStep;
  private long askedMillis;
  private long retryMillis;
  private long pauseMillis = LEAST_PAUSE_MILLIS; // before the next try
  private String complaint = ""; // the last that was logged

  FollowerLoop(
      Leader leader, CopiedLog log, Ticker ticker, Wakeup worker, Consumer<String> whenFailed) {
    this.leader = leader;
    this.log = log;
    this.ticker = ticker;
    this.worker = worker;
    this.whenFailed = whenFailed;
    this.retryMillis = ticker.millis();
  }

  @Override
  public int turn() {
    if (isOver) {
      return 0;
    }
    try {
      Outcome came = outcome.getAndSet(null);
      if (came != null) {
        isAsking = false;
        take(came);
      }
      log.onTick(ticker.millis());
      if (!isAsking && !isOver && ticker.millis() >= retryMillis) {
        ask();
      }
      return came == null ? 0 : 1;
    } catch (StorageException e) {
      end("the copy cannot go on: " + e.getMessage());
      return 1;
    } catch (RuntimeException e) {
      LOG.error("the follower met what it does not expect", e);
      end("the follower met what it does not expect: " + e);
      return 1;
    }
  }

  private void ask() {
    askedMillis = ticker.millis();
    GreetReplicaResponseHeader greeting = greeted;
    CompletionStage<Answer> asked = switch (step) {
      case PROVE -> greeting == null ? leader.greet() : leader.prove(greeting);
      case FETCH -> leader.fetch(epoch, log, mostBytes);
      case GREET -> leader.greet();
    };
    isAsking = true;
    asked.whenComplete((answer, failure) -> {
      outcome.set(new Outcome(answer, failure));
      worker.wake();
    });
  }

  private void take(Outcome came) {
    Answer answer = came.answer();
    if (answer == null) {
      startAgain("no answer from the leader: " + came.failure());
      return;
    }
    try {
      if (answer.isOk()) {
        accept(answer);
      } else {
        refused(answer);
      }
    } catch (BadInputException | BadCopyException e) {
      startAgain("what the leader sent cannot be used: " + e.getMessage());
    }
  }

  private void accept(Answer answer) {
    switch (step) {
      case GREET -> {
        GreetReplicaResponseHeader greeting =
            GreetReplicaResponseHeader.FIELDS.read(answer.fields());
        if (!leader.isProven(greeting)) {
          startAgain("whoever answers there does not know the secret of this follower; compare"
              + " replication.secret-file");
          return;
        }
        greeted = greeting;
        step = Step.PROVE;
      }
      case PROVE -> {
        ProveReplicaResponseHeader proven = ProveReplicaResponseHeader.FIELDS.read(answer.fields());
        if (leader.isOver(proven.epoch())) {
          startAgain("whoever answers there leads in epoch " + proven.epoch() + ", which is over");
          return;
        }
        String why = log.open(proven.logSecret());
        if (why != null) {
          end(why);
          return;
        }
        epoch = proven.epoch();
        step = Step.FETCH;
        wasInStep = false;
      }
      case FETCH -> copy(answer);
    }
  }

  private void copy(Answer answer) {
    FetchLogResponseHeader header = FetchLogResponseHeader.FIELDS.read(answer.fields());
    if (header.start() > header.at() || header.committed() > header.written()) {
      startAgain("what the leader says of its log contradicts itself: " + header);
      return;
    }
    long before = log.end();
    try {
      int wanted = answer.body().length == 0 ? 0 : log.take(header.at(), answer.body());
      if (log.end() == before && wanted <= mostBytes) { // a leader waits before it gives nothing
        retryMillis = askedMillis + Leader.WAIT_MILLIS;
      }
      mostBytes = Math.max(USUAL_BYTES, wanted);
      log.leaderHas(header.start(), header.committed());
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.FULL || log.hasFailed()) {
        throw e;
      }
      complain("the disk is full, the copy waits: " + e.getMessage());
      retryMillis = ticker.millis() + MOST_PAUSE_MILLIS;
      return;
    }
    pauseMillis = LEAST_PAUSE_MILLIS;
    if (log.end() >= header.written() && !wasInStep) {
      wasInStep = true;
      complaint = "";
      LOG.info("the copy has all that the leader has, {} bytes in all", log.end());
    }
  }

  private void refused(Answer answer) {
    if (answer.code() == ResponseCode.LOG_DIVERGED.number() && step == Step.FETCH) {
      LogDivergedHeader header = LogDivergedHeader.FIELDS.read(answer.fields());
      long before = log.end();
      log.cut(header.epoch(), header.end());
      if (log.end() == before) {
        end("the leader has something else than this log, which ends at " + before
            + ", but does not say where: " + answer.remark());
        return;
      }
      LOG.warn(
          "the leader does not have what this log has from {} to {}: it was never replicated, and is"
              + " cut; its records are kept in damaged-<date>, beside the log",
          log.end(),
          before);
    } else if (answer.code() == ResponseCode.LOG_GONE.number()) {
      end(answer.remark()
          + ". Stop the leader, copy its store directory here, and start both again");
    } else {
      startAgain("the leader refuses: " + answer.remark());
    }
  }

  private void startAgain(String why) {
    complain(why);
    step = Step.GREET;
    retryMillis = ticker.millis() + pauseMillis;
    pauseMillis = Math.min(2 * pauseMillis, MOST_PAUSE_MILLIS);
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      LOG.warn("{}; it is tried again", why);
    }
  }

  private void end(String why) {
    isOver = true;
    whenFailed.accept(why);
  }

  @Override
  public boolean hasWork() {
    return !isOver && outcome.get() != null;
  }

  @Override
  public long nextMillis() {
    if (isOver) {
      return Long.MAX_VALUE;
    }
    return isAsking ? log.nextMillis() : Math.min(retryMillis, log.nextMillis());
  }
}
