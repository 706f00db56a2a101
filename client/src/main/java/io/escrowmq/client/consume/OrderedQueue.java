package io.escrowmq.client.consume;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose messages are handled one after the other; one that fails is handled again before the
 * next. State is guarded by this; locks are taken in the order puller, queue, handlers.
 */
final class OrderedQueue implements AssignedQueue, QueuePuller.Sink {

  private final TopicQueue queue;
  private final Set<String> tags;
  private final ConsumerParts parts;
  private final Timer timer;
  private final BooleanSupplier held; // whether the queue is locked for us now
  private final QueuePuller puller;

  private final ArrayDeque<StoredDelivery> waiting = new ArrayDeque<>(); // the first is in work
  private long bytes;
  private long next = -1; // the offset behind all that was pulled
  private int generation;
  private boolean active;
  private boolean scheduled; // a turn waits, runs, or will come by the timer
  private boolean inWork; // the handler has the first one, or it is on its way to dead letters
  private @Nullable LongConsumer whenLeft;
  private boolean stalled;

  OrderedQueue(
      TopicQueue queue,
      Set<String> tags,
      ConsumerParts parts,
      QueuePuller.Source source,
      Timer timer,
      BooleanSupplier held) {
    this.queue = queue;
    this.tags = tags;
    this.parts = parts;
    this.timer = timer;
    this.held = held;
    this.puller = new QueuePuller(queue, source, timer, this);
  }

  @Override
  public void begin(long offset) {
    synchronized (this) {
      next = offset;
      active = true;
    }
    puller.begin(offset);
  }

  @Override
  public void end(LongConsumer told) {
    puller.stop();
    synchronized (this) {
      active = false;
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
      left = done();
      forget();
    }
    told.accept(left);
  }

  private void forget() {
    generation++;
    parts.room().giveBack(bytes);
    bytes = 0;
    waiting.clear();
    scheduled = false;
  }

  @Override
  public synchronized long done() {
    StoredDelivery first = waiting.peek();
    return first == null ? next : first.queueOffset();
  }

  @Override
  public void wake() {
    puller.wake();
    schedule();
  }

  @Override
  public synchronized boolean hasRoom() {
    boolean room = waiting.size() < parts.limits().queueMessages()
        && bytes < parts.limits().queueBytes()
        && parts.room().isThere();
    stalled = !room;
    return room;
  }

  @Override
  public void pulled(byte[] body, long nextOffset) {
    List<StoredDelivery> messages = Pulled.read(queue, body, tags);
    synchronized (this) {
      if (!active) {
        return;
      }
      for (StoredDelivery delivery : messages) {
        waiting.add(delivery);
        bytes += delivery.bytes();
        parts.room().take(delivery.bytes());
      }
      next = nextOffset;
    }
    schedule();
  }

  @Override
  public synchronized void moved(long nextOffset) {
    forget();
    next = nextOffset;
  }

  private void schedule() {
    Turn turn = nextTurn();
    if (turn != null) {
      parts.handlers().add(turn);
    }
  }

  private synchronized @Nullable Turn nextTurn() {
    if (scheduled || waiting.isEmpty() || !active) {
      return null;
    }
    scheduled = true;
    return new Turn(generation);
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
      parts.begun().begin();
      Verdict verdict = Verdict.retry(); // also when an error leaves the handler
      try {
        verdict = parts.handling().handle(delivery);
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
    if (mine != generation) {
      return null;
    }
    if (!active || !held.getAsBoolean()) {
      scheduled = false;
      return null;
    }
    inWork = true;
    return waiting.peek();
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
      if (mine == generation) {
        StoredDelivery first = waiting.remove();
        bytes -= first.bytes();
        all = parts.room().giveBack(first.bytes());
        look = stalled;
        scheduled = false;
      }
    }
    settled();
    if (all) {
      parts.wakeAll().run();
    } else if (look) {
      puller.wake();
    }
  }

  /** The same message again, after a pause; the queue waits for it. */
  private void repeat(StoredDelivery delivery, int mine, @Nullable Duration asked) {
    Duration pause = asked == null ? parts.redelivery().pauseAfter(delivery) : asked;
    synchronized (this) {
      inWork = false;
      if (mine == generation) {
        waiting.remove();
        waiting.addFirst(delivery.again());
      }
    }
    settled();
    timer.after(pause, () -> goOn(mine));
  }

  private void settled() {
    leaveIfIdle();
    parts.begun().settle();
  }

  private void goOn(int mine) {
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      scheduled = false;
    }
    schedule();
  }
}
