package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.member.MemberQueue;
import io.escrowmq.remoting.body.ConsumerState.QueueState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A queue that is pulled ahead, and read by polls. State is guarded by this; locks are taken
 * in the order puller, queue.
 */
final class PolledQueue implements MemberQueue, QueuePuller.Sink {

  private final TopicQueue queue;
  private final Set<String> tags;
  private final ConsumerLimits limits;
  private final ByteBudget budget;
  private final Timer timer;
  private final Runnable arrived;
  private final QueuePuller puller;
  private final AtomicBoolean begun = new AtomicBoolean();

  private final ArrayDeque<StoredDelivery> waiting = new ArrayDeque<>();
  private long bytes;
  private long pulledUpTo = -1; // the offset behind all that waits; -1 before the beginning
  private long polledMillis; // when the last one was, 0 for never
  private boolean paused;
  private boolean stalled;

  /**
   * One queue of one consumer.
   *
   * @param arrived told when there is something to poll
   */
  PolledQueue(
      TopicQueue queue,
      Set<String> tags,
      ConsumerLimits limits,
      ByteBudget budget,
      QueuePuller.Source source,
      Timer timer,
      Runnable arrived) {
    this.queue = queue;
    this.tags = tags;
    this.limits = limits;
    this.budget = budget;
    this.timer = timer;
    this.arrived = arrived;
    this.puller = new QueuePuller(queue, source, timer, this);
  }

  /** Begins there, unless a seek has said already where. */
  @Override
  public void begin(long offset) {
    if (begun.compareAndSet(false, true)) {
      seek(offset);
    }
  }

  /** Begins there, or goes on there; what waits is forgotten. */
  void seek(long offset) {
    begun.set(true);
    puller.seek(offset, () -> restart(offset));
  }

  private synchronized void restart(long offset) {
    budget.giveBack(bytes);
    bytes = 0;
    waiting.clear();
    pulledUpTo = offset;
  }

  void stop() {
    puller.stop();
    restart(-1);
  }

  void pause() {
    synchronized (this) {
      paused = true;
    }
  }

  void resume() {
    synchronized (this) {
      paused = false;
    }
    puller.wake();
    arrived.run();
  }

  /** There may be room now. */
  void wakeIfStalled() {
    boolean look;
    synchronized (this) {
      look = stalled;
    }
    if (look) {
      puller.wake();
    }
  }

  /** The offset of the next message that is polled; -1 before the beginning. */
  synchronized long position() {
    StoredDelivery first = waiting.peek();
    return first == null ? pulledUpTo : first.queueOffset();
  }

  /** Here a message is done when it is polled. */
  @Override
  public QueueState running() {
    long pulledMillis = puller.askedMillis(); // its lock comes before ours
    synchronized (this) {
      StoredDelivery last = waiting.peekLast();
      return new QueueState(
          position(),
          waiting.size(),
          bytes,
          last == null ? 0 : position(),
          last == null ? 0 : last.queueOffset(),
          false,
          pulledMillis,
          polledMillis);
    }
  }

  /** Moves what waits into the list, at most so many. */
  synchronized void drainTo(List<? super StoredDelivery> polled, int most) {
    for (int i = 0; i < most && !waiting.isEmpty() && !paused; i++) {
      StoredDelivery first = waiting.remove();
      bytes -= first.bytes();
      budget.giveBack(first.bytes());
      polled.add(first);
      polledMillis = timer.millis();
    }
  }

  @Override
  public synchronized boolean hasRoom() {
    boolean is = !paused
        && waiting.size() < limits.queueMessages()
        && bytes < limits.queueBytes()
        && budget.hasRoom();
    stalled = !is;
    return is;
  }

  @Override
  public void pulled(byte[] body, long nextOffset) {
    List<StoredDelivery> messages = PullBody.read(queue, body, tags);
    synchronized (this) {
      for (StoredDelivery delivery : messages) {
        waiting.add(delivery);
        bytes += delivery.bytes();
        budget.take(delivery.bytes());
      }
      pulledUpTo = nextOffset;
    }
    if (!messages.isEmpty()) {
      arrived.run();
    }
  }

  @Override
  public long done() {
    return -1; // only commit records
  }

  @Override
  public void moved(long nextOffset) {
    restart(nextOffset);
  }
}
