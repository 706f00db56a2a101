package io.escrowmq.client.member;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds queues at their brokers, so that no other member handles them meanwhile. Brokers forget a lock
 * after 60 s; we stop believing in one 30 s after it was last confirmed. Any thread.
 */
public final class QueueLocks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(QueueLocks.class);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(10);
  private static final Duration BELIEVED_FOR = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final RemotingClient network;
  private final Timer timer;
  private final Routes routes;
  private final String group;
  private final String clientId;
  private final Duration timeout;
  private final Consumer<TopicQueue> gained;
  private final Consumer<TopicQueue> lost;
  private final PeriodicTask renewal;

  private final Map<TopicQueue, Lock> wanted = new ConcurrentHashMap<>();

  /** One queue's lock; guarded by itself. */
  private static final class Lock {

    private boolean held;
    private long untilNanos;
  }

  /**
   * A part of one consumer; waits for {@link #start}.
   *
   * @param gained told when a wanted queue is held from now on
   * @param lost told when a queue that was held is not any more
   */
  public QueueLocks(
      RemotingClient network,
      Timer timer,
      Routes routes,
      String group,
      String clientId,
      Duration timeout,
      Consumer<TopicQueue> gained,
      Consumer<TopicQueue> lost) {
    this.network = network;
    this.timer = timer;
    this.routes = routes;
    this.group = group;
    this.clientId = clientId;
    this.timeout = timeout;
    this.gained = gained;
    this.lost = lost;
    this.renewal = new PeriodicTask(timer, RENEW_EVERY, this::turn);
  }

  public void start() {
    renewal.start();
  }

  /** Tries to hold the queue until it is released. */
  public void want(TopicQueue queue) {
    wanted.putIfAbsent(queue, new Lock());
    renewal.hurry();
  }

  /** Gives the queue free for others. */
  public void release(TopicQueue queue) {
    String address = routes.master(queue.brokerName());
    if (wanted.remove(queue) != null && address != null) {
      network.notify(address, request(RequestCode.UNLOCK_BATCH_MQ, List.of(queue)));
    }
  }

  /** True while no other member can handle the queue. */
  public boolean isHeld(TopicQueue queue) {
    Lock lock = wanted.get(queue);
    if (lock == null) {
      return false;
    }
    synchronized (lock) {
      return lock.held && lock.untilNanos - timer.nanoTime() > 0;
    }
  }

  private void turn() {
    Map<String, List<TopicQueue>> byAddress = new HashMap<>();
    for (TopicQueue queue : wanted.keySet()) {
      String address = routes.master(queue.brokerName());
      if (address != null) {
        byAddress.computeIfAbsent(address, same -> new ArrayList<>()).add(queue);
      }
    }
    byAddress.forEach(this::lock);
  }

  private void lock(String address, List<TopicQueue> queues) {
    long asked = timer.nanoTime();
    network
        .call(address, request(RequestCode.LOCK_BATCH_MQ, queues), timeout)
        .whenComplete((answer, failure) -> {
          if (answer == null || !answer.isOk()) {
            LOG.debug(
                "no locks from {}: {}",
                address,
                answer == null ? failure.getMessage() : answer.remark());
            timer.after(SOON, renewal::hurry);
          } else {
            confirmed(queues, answer, asked + BELIEVED_FOR.toNanos());
          }
        });
  }

  private void confirmed(List<TopicQueue> asked, Answer answer, long untilNanos) {
    List<MessageQueue> locked;
    try {
      locked = LockedQueues.read(answer.body()).queues();
    } catch (BadInputException e) {
      LOG.warn("locks that cannot be read: {}", e.getMessage());
      return;
    }
    boolean missing = false;
    for (TopicQueue queue : asked) {
      boolean ours = locked.contains(wire(queue));
      missing |= !ours;
      apply(queue, ours, untilNanos);
    }
    if (missing) { // another member is about to leave it
      timer.after(SOON, renewal::hurry);
    }
  }

  private void apply(TopicQueue queue, boolean ours, long untilNanos) {
    Lock lock = wanted.get(queue);
    if (lock == null) {
      return;
    }
    boolean before;
    synchronized (lock) {
      before = lock.held && lock.untilNanos - timer.nanoTime() > 0;
      lock.held = ours;
      lock.untilNanos = untilNanos;
    }
    if (before && !ours) {
      lost.accept(queue);
    } else if (!before && ours) {
      gained.accept(queue);
    }
  }

  private Request request(RequestCode code, List<TopicQueue> queues) {
    return new Request(
        code,
        WireHeader.NONE,
        new QueueLock(group, clientId, queues.stream().map(QueueLocks::wire).toList(), false)
            .toBody());
  }

  public static MessageQueue wire(TopicQueue queue) {
    return new MessageQueue(queue.topic(), queue.brokerName(), queue.queueId());
  }

  @Override
  public void close() {
    renewal.close();
  }
}
