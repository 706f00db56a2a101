package io.escrowmq.client.handle;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.pull.QueuePuller;
import io.escrowmq.client.pull.StoredDelivery;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose messages are handled one after the other; one that fails is handled again before the
 * next.
 */
final class OrderedQueue extends BacklogQueue<StoredDelivery> {

  private final BooleanSupplier held; // whether the queue is locked for us now

  private boolean scheduled; // a turn waits, runs, or will come by the timer
  private boolean
      inWork; // the handler has the first one of the backlog, or it is on its way to dead letters
  private @Nullable LongConsumer whenLeft;

  OrderedQueue(
      TopicQueue queue,
      Set<String> tags,
      ConsumerParts parts,
      QueuePuller.Source source,
      Timer timer,
      BooleanSupplier held) {
    super(queue, tags, parts, source, timer, Function.identity());
    this.held = held;
  }

  @Override
  public void end(LongConsumer told) {
    puller.stop();
    synchronized (this) {
      backlog.end();
      whenLeft = told;
    }
    leaveIfIdle();
  }

  /** Once nothing is in work any more. */
  private void leaveIfIdle() {
    LongConsumer told;
    long left;
    synchronized (this) {
      if (inWork || whenLeft == null) {
        return;
      }
      told = whenLeft;
      whenLeft = null;
      left = backlog.done();
      backlog.forget();
      scheduled = false;
    }
    told.accept(left);
  }

  @Override
  boolean isLocked() {
    return held.getAsBoolean();
  }

  @Override
  public void wake() {
    puller.wake();
    schedule();
  }

  @Override
  public void pulled(byte[] body, long nextOffset) {
    List<StoredDelivery> messages = read(body);
    synchronized (this) {
      if (!backlog.isActive()) {
        return;
      }
      backlog.add(messages, nextOffset);
    }
    schedule();
  }

  @Override
  public synchronized void moved(long nextOffset) {
    backlog.move(nextOffset);
    scheduled = false;
  }

  private void schedule() {
    Turn turn = nextTurn();
    if (turn != null) {
      parts.handlers().add(turn);
    }
  }

  private synchronized @Nullable Turn nextTurn() {
    if (scheduled || backlog.isEmpty() || !backlog.isActive()) {
      return null;
    }
    scheduled = true;
    return new Turn(backlog.generation());
  }

  /** The first message's turn; not any more when the queue has moved meanwhile. */
  private final class Turn implements Handlers.Work {

    private final int mine;

    Turn(int mine) {
      this.mine = mine;
    }

    @Override
    public void run() {
      StoredDelivery delivery = begin(mine);
      if (delivery == null) {
        return;
      }
      parts.open().begin();
      Verdict verdict = Verdict.retry(); // also when an error leaves the handler
      try {
        verdict = parts.handlerCall().handle(delivery);
      } finally {
        settle(delivery, mine, verdict);
        Turn next = nextTurn();
        if (next != null) {
          parts.handlers().addByWork(next);
        }
      }
    }
  }

  private synchronized @Nullable StoredDelivery begin(int mine) {
    if (mine != backlog.generation()) {
      return null;
    }
    if (!backlog.isActive() || !held.getAsBoolean()) {
      scheduled = false;
      return null;
    }
    inWork = true;
    return backlog.first();
  }

  private void settle(StoredDelivery delivery, int mine, Verdict verdict) {
    boolean givenUp = verdict.kind() == Verdict.Kind.DEAD_LETTER
        || (verdict.kind() == Verdict.Kind.RETRY && parts.redelivery().isLast(delivery));
    if (verdict.kind() == Verdict.Kind.DONE) {
      finish(mine);
    } else if (givenUp) {
      parts.redelivery().again(delivery, Verdict.deadLetter()).whenComplete((sent, failure) -> {
        if (failure == null) {
          finish(mine);
          schedule();
        } else {
          repeat(delivery, mine, null);
        }
      });
    } else {
      repeat(delivery, mine, verdict.after());
    }
  }

  private void finish(int mine) {
    boolean look = false;
    boolean all = false;
    synchronized (this) {
      inWork = false;
      if (mine == backlog.generation()) {
        all = backlog.removeFirst();
        look = backlog.isStalled();
        scheduled = false;
      }
    }
    settled();
    pullAgain(all, look);
  }

  /** The same message again, after a pause; the queue waits for it. */
  private void repeat(StoredDelivery delivery, int mine, @Nullable Duration asked) {
    Duration pause = asked == null ? parts.redelivery().pauseAfter(delivery) : asked;
    synchronized (this) {
      inWork = false;
      if (mine == backlog.generation()) {
        backlog.replaceFirst(delivery.again());
      }
    }
    settled();
    timer.after(pause, () -> goOn(mine));
  }

  private void settled() {
    leaveIfIdle();
    parts.open().settle();
  }

  private void goOn(int mine) {
    synchronized (this) {
      if (mine != backlog.generation()) {
        return;
      }
      scheduled = false;
    }
    schedule();
  }
}
