package io.escrowmq.client.handle;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.pull.Backlog;
import io.escrowmq.client.pull.PullBody;
import io.escrowmq.client.pull.QueuePuller;
import io.escrowmq.client.pull.StoredDelivery;
import io.escrowmq.remoting.body.ConsumerState.QueueState;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A queue whose messages are pulled ahead, and wait in a backlog to be handled. State is guarded by this;
 * locks are taken in the order puller, queue, handlers.
 *
 * @param <T> one message in the backlog
 */
abstract class BacklogQueue<T> implements AssignedQueue, QueuePuller.Sink {

  final ConsumerParts parts;
  final Timer timer;
  final QueuePuller puller;
  final Backlog<T> backlog;
  private final TopicQueue queue;
  private final Set<String> tags;

  BacklogQueue(
      TopicQueue queue,
      Set<String> tags,
      ConsumerParts parts,
      QueuePuller.Source source,
      Timer timer,
      Function<T, StoredDelivery> delivery) {
    this.queue = queue;
    this.tags = tags;
    this.parts = parts;
    this.timer = timer;
    this.backlog = new Backlog<>(parts.limits(), parts.budget(), timer, delivery);
    this.puller = new QueuePuller(queue, source, timer, this);
  }

  /** True while a broker keeps all others from the queue. */
  abstract boolean isLocked();

  @Override
  public final void begin(long offset) {
    synchronized (this) {
      backlog.begin(offset);
    }
    puller.begin(offset);
  }

  @Override
  public final synchronized long done() {
    return backlog.done();
  }

  @Override
  public final QueueState running() {
    long pulledMillis = puller.askedMillis(); // its lock comes before ours
    synchronized (this) {
      return backlog.running(isLocked(), pulledMillis);
    }
  }

  @Override
  public final synchronized boolean hasRoom() {
    return backlog.hasRoom();
  }

  final List<StoredDelivery> read(byte[] body) {
    return PullBody.read(queue, body, tags);
  }

  /**
   * Pulls again after messages have left the backlog. Not under the lock.
   *
   * @param all whether others that share the budget may have room now
   * @param stalled whether this queue was not pulled for want of room
   */
  final void pullAgain(boolean all, boolean stalled) {
    if (all) {
      parts.wakeAll().run();
    } else if (stalled) {
      puller.wake();
    }
  }
}
