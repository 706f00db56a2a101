package io.escrowmq.client.consume;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Filter;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Blocking;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.body.ConsumerRunning.QueueRunning;
import io.escrowmq.remoting.body.MessageQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group that is polled: its queues are pulled ahead, and read when somebody asks. Any
 * thread; the table of queues is guarded by the lock.
 */
public final class PollingConsumer implements PullConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(PollingConsumer.class);
  private static final Duration LOAD_AGAIN_AFTER = Duration.ofSeconds(1);

  private final PullSettings settings;
  private final Timer timer;
  private final Routes routes;
  private final Presence presence;
  private final ServerRequests serverRequests;
  private final Blocking waiting;
  private final Consumer<AutoCloseable> onClose;

  private final GroupSubscriptions subscriptions;
  private final BrokerOffsets offsets;
  private final QueueBounds bounds;
  private final PullRequests pulls;
  private final FilterCheck filterCheck;
  private final Room room;
  private final @Nullable Membership membership; // null when queues were assigned

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<TopicQueue, PolledQueue> queues = new LinkedHashMap<>();
  private int turn; // which queue is read first the next time
  private boolean closed;

  /**
   * A member that waits for {@link #start}.
   *
   * @param onClose told once, when this is closed
   */
  public PollingConsumer(
      ClientParts client, PullSettings settings, Consumer<AutoCloseable> onClose) {
    this.settings = settings;
    this.timer = client.timer();
    this.routes = client.routes();
    this.presence = client.presence();
    this.serverRequests = client.serverRequests();
    this.waiting = client.waiting();
    this.onClose = onClose;
    RemotingClient network = client.network();
    Duration requestTimeout = client.requestTimeout();
    Map<String, Filter> filters = new HashMap<>(settings.subscriptions());
    settings.assigned().forEach(queue -> filters.put(queue.topic(), Filter.all()));
    this.subscriptions = new GroupSubscriptions(
        settings.group(), "CONSUME_ACTIVELY", false, settings.startFrom(), filters, timer.millis());
    this.offsets = new BrokerOffsets(network, routes, settings.group(), requestTimeout);
    this.bounds = new QueueBounds(network, routes, requestTimeout);
    this.filterCheck =
        new FilterCheck(network, routes, settings.group(), presence.clientId(), requestTimeout);
    this.pulls = new PullRequests(network, routes, settings.group(), subscriptions::of);
    this.room = new Room(settings.limits().allBytes());
    this.membership = settings.subscriptions().isEmpty()
        ? null
        : new Membership(
            network,
            timer,
            routes,
            new Membership.Member(
                settings.group(),
                presence.clientId(),
                false,
                List.copyOf(settings.subscriptions().keySet())),
            requestTimeout,
            this::ours,
            presence::beat);
  }

  /**
   * Joins the group. Waits only for brokers that have to read a condition.
   *
   * @throws io.escrowmq.client.FilterRefusedException when one of them refuses it
   */
  public void start() {
    if (subscriptions.all().stream().anyMatch(one -> !one.isByTag())) {
      waiting.forResultOf(filterCheck.check(subscriptions.all()));
    }
    presence.addConsumer(settings.group(), subscriptions::entry);
    serverRequests.listen(
        settings.group(),
        new Notices(),
        new Inspection(subscriptions, Map.of(), timer.millis(), this::running, null));
    presence.beatAll().whenComplete((all, failure) -> {
      if (membership != null) {
        membership.start();
      }
    });
    settings.assigned().stream()
        .collect(Collectors.groupingBy(TopicQueue::topic, Collectors.toSet()))
        .forEach(this::assign);
  }

  private void assign(String topic, Set<TopicQueue> assigned) {
    routes.find(topic).whenComplete((route, failure) -> ours(topic, assigned));
  }

  private Map<TopicQueue, QueueRunning> running() {
    Map<TopicQueue, PolledQueue> all;
    lock.lock();
    try {
      all = Map.copyOf(queues);
    } finally {
      lock.unlock();
    }
    // not under the lock, which pullers take
    Map<TopicQueue, QueueRunning> running = new HashMap<>();
    all.forEach((queue, polled) -> running.put(queue, polled.running()));
    return running;
  }

  /** What brokers tell. */
  private final class Notices implements ServerRequests.GroupListener {

    @Override
    public void membersChanged() {
      if (membership != null) {
        membership.lookAgain();
      }
    }

    @Override
    public void offsetsReset(Map<MessageQueue, Long> wanted) {
      wanted.forEach((queue, offset) -> {
        PolledQueue polled =
            find(new TopicQueue(queue.topic(), queue.brokerName(), queue.queueId()));
        if (polled != null) {
          polled.seek(offset);
        }
      });
    }
  }

  private void ours(String topic, Set<TopicQueue> now) {
    Set<TopicQueue> more = new HashSet<>(now);
    List<PolledQueue> left = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      queues.entrySet().removeIf(entry -> {
        boolean leaves = entry.getKey().topic().equals(topic) && !now.contains(entry.getKey());
        if (leaves) {
          left.add(entry.getValue());
        }
        return leaves;
      });
      more.removeAll(queues.keySet());
      more.forEach(queue -> queues.put(queue, polled(queue)));
    } finally {
      lock.unlock();
    }
    left.forEach(PolledQueue::stop);
    more.forEach(this::load);
  }

  private PolledQueue polled(TopicQueue queue) {
    Set<String> tags = subscriptions.of(queue.topic()).filter().tags();
    return new PolledQueue(
        queue, tags, settings.limits(), room, pulls, timer, this::somethingArrived);
  }

  /** Begins where the group is, unless somebody has moved the position meanwhile. */
  private void load(TopicQueue queue) {
    PolledQueue mine = find(queue);
    if (mine == null) {
      return;
    }
    offsets.first(queue, bounds, settings.startFrom()).whenComplete((offset, failure) -> {
      if (failure != null) {
        LOG.warn("where to begin on {} is not known yet: {}", queue, failure.getMessage());
        timer.after(LOAD_AGAIN_AFTER, () -> load(queue));
      } else {
        mine.begin(offset);
      }
    });
  }

  private @Nullable PolledQueue find(TopicQueue queue) {
    lock.lock();
    try {
      return queues.get(queue);
    } finally {
      lock.unlock();
    }
  }

  private PolledQueue required(TopicQueue queue) {
    PolledQueue found = find(queue);
    if (found == null) {
      throw new IllegalArgumentException(
          queue + " is not one of the queues that are read now: " + queues());
    }
    return found;
  }

  private void somethingArrived() {
    lock.lock();
    try {
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<TopicQueue> queues() {
    lock.lock();
    try {
      return Set.copyOf(queues.keySet());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Delivery> poll(Duration wait) {
    waiting.checkThread();
    List<Delivery> polled;
    List<PolledQueue> drained;
    try {
      lock.lockInterruptibly();
      try {
        polled = drain(wait.toNanos());
        drained = List.copyOf(queues.values());
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw Blocking.interrupted(e);
    }
    drained.forEach(PolledQueue::wakeIfStalled); // not under the lock, which pullers take
    return polled;
  }

  private List<Delivery> drain(long waitNanos) throws InterruptedException {
    long left = waitNanos;
    while (true) {
      checkOpen();
      List<Delivery> polled = drain();
      if (!polled.isEmpty() || left <= 0) {
        return polled;
      }
      left = arrived.awaitNanos(left);
    }
  }

  /** What is there, beginning with another queue each time. */
  private List<Delivery> drain() {
    List<Delivery> polled = new ArrayList<>();
    List<PolledQueue> all = List.copyOf(queues.values());
    for (int i = 0; i < all.size() && polled.size() < settings.maxPolled(); i++) {
      PolledQueue queue = all.get(Math.floorMod(turn + i, all.size()));
      queue.drainTo(polled, settings.maxPolled() - polled.size());
    }
    turn++;
    return polled;
  }

  private void checkOpen() {
    if (closed) {
      throw Failures.closed("the consumer of " + settings.group());
    }
  }

  @Override
  public long position(TopicQueue queue) {
    PolledQueue polled = required(queue);
    long known = polled.position();
    return known >= 0
        ? known
        : waiting.forResultOf(offsets.first(queue, bounds, settings.startFrom()));
  }

  @Override
  public void seek(TopicQueue queue, long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("an offset of " + offset + ", the first one is 0");
    }
    required(queue).seek(offset);
  }

  @Override
  public void seek(TopicQueue queue, Instant moment) {
    seek(queue, bounds.at(queue, moment));
  }

  @Override
  public void seekToBegin(TopicQueue queue) {
    seek(queue, bounds.begin(queue));
  }

  @Override
  public void seekToEnd(TopicQueue queue) {
    seek(queue, bounds.end(queue));
  }

  private void seek(TopicQueue queue, CompletionStage<Long> offset) {
    required(queue).seek(waiting.forResultOf(offset));
  }

  @Override
  public void commit() {
    Map<TopicQueue, Long> positions = new HashMap<>();
    lock.lock();
    try {
      checkOpen();
      queues.forEach((queue, polled) -> {
        long position = polled.position();
        if (position >= 0) {
          positions.put(queue, position);
        }
      });
    } finally {
      lock.unlock();
    }
    waiting.forResultOf(offsets.recordSafely(positions));
  }

  @Override
  public OptionalLong committed(TopicQueue queue) {
    return waiting.forResultOf(offsets.recorded(queue));
  }

  @Override
  public long lag(TopicQueue queue) {
    long end = waiting.forResultOf(bounds.end(queue));
    return Math.max(0, end - position(queue));
  }

  @Override
  public void pause(Collection<TopicQueue> paused) {
    paused.forEach(queue -> required(queue).pause());
  }

  @Override
  public void resume(Collection<TopicQueue> resumed) {
    resumed.forEach(queue -> required(queue).resume());
  }

  @Override
  public void close() {
    List<PolledQueue> all;
    waiting.checkThread();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      all = List.copyOf(queues.values());
      queues.clear();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (membership != null) {
      membership.close();
    }
    serverRequests.forget(settings.group());
    all.forEach(PolledQueue::stop);
    waiting.quietly(presence.removeConsumer(settings.group()));
    onClose.accept(this);
  }

  @Override
  public String toString() {
    return "the polled consumer of " + settings.group();
  }
}
