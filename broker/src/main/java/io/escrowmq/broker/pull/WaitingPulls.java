package io.escrowmq.broker.pull;

import io.escrowmq.broker.core.Arrivals;
import io.escrowmq.store.queue.ConsumeQueue;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls that are kept until there is something to deliver, or their deadline comes.
 *
 * <p>Any event loop adds, any thread wakes. The waiting pulls of one queue form a stack that is only
 * pushed to and taken whole; whoever has taken a pull tries it again on the event loop of its
 * connection, where it may come back. A queue on which nothing waits is forgotten with the next tick:
 * also one of a deleted topic.
 */
final class WaitingPulls implements Arrivals {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingPulls.class);

  /** What is done with a pull that was taken out: again, on its own event loop. */
  @FunctionalInterface
  interface Retry {
    void again(Pull pull);
  }

  private static final long MOST_HELD_BYTES = Runtime.getRuntime().maxMemory() / 16;

  private record Key(String topic, int queueId) {}

  private static final class Node {
    final Pull pull;

    @Nullable
    Node next;

    Node(Pull pull) {
      this.pull = pull;
    }
  }

  /** What waits on one queue. Guarded by itself; whether anything does, any thread may look. */
  private static final class Stack {

    private volatile @Nullable Node newest;
    private boolean forgotten; // for good: another stack takes its place

    synchronized boolean push(Node node) {
      if (forgotten) {
        return false;
      }
      node.next = newest;
      newest = node;
      return true;
    }

    @Nullable
    Node takeAll() {
      if (newest == null) {
        return null; // the usual case, on the way of every batch
      }
      synchronized (this) {
        Node all = newest;
        newest = null;
        return all;
      }
    }

    /** As {@link #takeAll}, and nothing is pushed any more. */
    synchronized @Nullable Node forget() {
      forgotten = true;
      Node all = newest;
      newest = null;
      return all;
    }

    synchronized boolean isForgotten() {
      forgotten |= newest == null;
      return forgotten;
    }
  }

  private final Map<Key, Stack> byQueue = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger(); // at most mostWaiting, roughly
  private final AtomicLong heldBytes = new AtomicLong(); // of subscriptions that pulls brought
  private final int mostWaiting;
  private final QueueLook look;
  private final LongSupplier deletions;
  private final Retry retry;
  private volatile boolean isOver; // nothing waits any more

  /** @param deletions how many topics have been deleted */
  WaitingPulls(int mostWaiting, QueueLook look, LongSupplier deletions, Retry retry) {
    this.mostWaiting = mostWaiting;
    this.look = look;
    this.deletions = deletions;
    this.retry = retry;
  }

  /** Keeps the pull; false when too many wait already. */
  boolean add(Pull pull) {
    long own = ownBytes(pull);
    if (isOver
        || waiting.get() >= mostWaiting
        || (own > 0 && heldBytes.get() + own > MOST_HELD_BYTES)) {
      return false;
    }
    Stack stack = push(pull);
    if (isOver || look.hasNews(pull) || pull.deletions() != deletions.getAsLong()) {
      wake(stack.takeAll()); // something came, or the topic went, between the look and the push
    }
    return true;
  }

  @Override
  public void arrived(ConsumeQueue queue) {
    Stack stack = byQueue.get(new Key(queue.topic(), queue.queueId()));
    if (stack != null) {
      wake(stack.takeAll());
    }
  }

  /** Tries all pulls of a topic again, because it was deleted. */
  void end(String topic) {
    byQueue.forEach((key, stack) -> {
      if (key.topic().equals(topic)) {
        byQueue.remove(key, stack);
        wake(stack.forget());
      }
    });
  }

  /** Tries all pulls again, and lets none wait from now on. */
  void endAll() {
    isOver = true;
    byQueue.values().forEach(stack -> wake(stack.forget()));
  }

  /** The groups that wait for messages of a topic. */
  Set<String> groupsOn(String topic) {
    Set<String> groups = new HashSet<>();
    byQueue.forEach((key, stack) -> {
      if (key.topic().equals(topic)) {
        for (Node node = stack.newest; node != null; node = node.next) {
          groups.add(node.pull.group());
        }
      }
    });
    return groups;
  }

  /** Tries those again whose deadline has come, and drops those whose client is gone. */
  void onTick(long tick) {
    byQueue.forEach((queue, stack) -> {
      if (stack.isForgotten()) {
        byQueue.remove(queue, stack);
        return;
      }
      for (Node node = stack.takeAll(); node != null; node = node.next) {
        leaves(node.pull);
        sweep(node.pull, tick);
      }
    });
  }

  // What fails is this pull's own: its client asks again when it has waited in vain.
  private void sweep(Pull pull, long tick) {
    try {
      if (!pull.outcome().connection().isOpen()) {
        return;
      }
      boolean stays = pull.mayWait(tick)
          && !look.hasNews(pull)
          && pull.deletions() == deletions.getAsLong()
          && add(pull); // another one may have taken its place meanwhile
      if (!stays) {
        retryOnItsLoop(pull);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("a waiting pull of {} could not be looked at", pull.topic(), e);
    }
  }

  int size() {
    return waiting.get();
  }

  /** How many queues are remembered. */
  int queues() {
    return byQueue.size();
  }

  private Stack push(Pull pull) {
    Node node = new Node(pull);
    Key key = new Key(pull.topic(), pull.queueId());
    Stack stack = byQueue.computeIfAbsent(key, none -> new Stack());
    while (!stack.push(node)) { // it was forgotten just now
      byQueue.remove(key, stack);
      stack = byQueue.computeIfAbsent(key, none -> new Stack());
    }
    waiting.incrementAndGet();
    heldBytes.addAndGet(ownBytes(pull));
    return stack;
  }

  private void leaves(Pull pull) {
    waiting.decrementAndGet();
    heldBytes.addAndGet(-ownBytes(pull));
  }

  // What the group wants is in memory once, whoever waits for it.
  private static long ownBytes(Pull pull) {
    return pull.followsGroup() ? 0 : pull.subscription().heldBytes();
  }

  private void wake(@Nullable Node first) {
    for (Node node = first; node != null; node = node.next) {
      leaves(node.pull);
      try {
        retryOnItsLoop(node.pull);
      } catch (RuntimeException | Error e) { // as if its client had gone; the others are woken
        LOG.error("a waiting pull of {} could not be woken", node.pull.topic(), e);
      }
    }
  }

  private void retryOnItsLoop(Pull pull) {
    pull.outcome().connection().execute(() -> retry.again(pull));
  }
}
