package io.escrowmq.client.consume;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Blocking;
import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.body.ConsumerRunning;
import io.escrowmq.remoting.body.ConsumerRunning.QueueRunning;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a consumer group: has its share of the queues pulled and handled, and what it has done
 * recorded. Any thread; the table of queues is guarded by this.
 */
public final class GroupConsumer implements Consumer {

  private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration RECORD_EVERY = Duration.ofSeconds(1);
  private static final Duration LOAD_AGAIN_AFTER = Duration.ofSeconds(1);

  private final ConsumerSettings settings;
  private final Timer timer;
  private final Presence presence;
  private final ServerRequests serverRequests;
  private final Blocking waiting;
  private final Pool threads;
  private final java.util.function.Consumer<AutoCloseable> onClose;

  private final GroupSubscriptions subscriptions;
  private final Offsets offsets;
  private final QueueBounds bounds;
  private final PullRequests pulls;
  private final FilterCheck filterCheck;
  private final ConsumerParts parts;
  private final Membership membership;
  private final @Nullable QueueLocks locks; // null unless ordered
  private final PeriodicTask recording;
  private final AtomicBoolean closed = new AtomicBoolean();

  private final Map<TopicQueue, AssignedQueue> queues = new HashMap<>();
  private final Map<TopicQueue, Long> recorded = new HashMap<>(); // what was told last

  /**
   * A member that waits for {@link #start}.
   *
   * @param threads handle messages; closed when this closes
   * @param onClose told once, when this is closed
   */
  public GroupConsumer(
      ClientParts client,
      ConsumerSettings settings,
      Pool threads,
      java.util.function.Consumer<AutoCloseable> onClose) {
    this.settings = settings;
    this.timer = client.timer();
    this.presence = client.presence();
    this.serverRequests = client.serverRequests();
    this.waiting = client.waiting();
    this.threads = threads;
    this.onClose = onClose;
    RemotingClient network = client.network();
    Routes routes = client.routes();
    Duration requestTimeout = client.requestTimeout();
    String group = settings.group();
    Path file = settings.broadcastOffsets();
    this.subscriptions = new GroupSubscriptions(
        group,
        "CONSUME_PASSIVELY",
        settings.isBroadcasting(),
        settings.startFrom(),
        settings.subscriptions(),
        timer.millis());
    this.offsets = file == null
        ? new BrokerOffsets(network, routes, group, requestTimeout)
        : LocalOffsets.open(file);
    this.bounds = new QueueBounds(network, routes, requestTimeout);
    this.filterCheck = new FilterCheck(network, routes, group, presence.clientId(), requestTimeout);
    this.pulls = new PullRequests(network, routes, group, subscriptions::of);
    this.parts = new ConsumerParts(
        settings.limits(),
        new Room(settings.limits().allBytes()),
        new Handlers(
            threads, timer, settings.concurrency(), new RateLimit(settings.ratePerSecond())),
        new Handling(settings.handler(), group),
        file == null
            ? new BrokerRedelivery(network, routes, group, settings.retry(), requestTimeout)
            : new LocalRedelivery(settings.retry()),
        new InWork(),
        this::wakeAll);
    this.membership = new Membership(
        network,
        timer,
        routes,
        new Membership.Member(
            group, presence.clientId(), settings.isBroadcasting(), subscriptions.topics()),
        requestTimeout,
        this::ours,
        presence::beat);
    this.locks = settings.ordered()
        ? new QueueLocks(
            network,
            timer,
            routes,
            group,
            presence.clientId(),
            requestTimeout,
            this::renew,
            this::renew)
        : null;
    this.recording = new PeriodicTask(timer, RECORD_EVERY, this::record);
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
    serverRequests.listen(settings.group(), new Notices(), inspection());
    if (locks != null) {
      locks.start();
    }
    recording.start();
    presence.beatAll().whenComplete((all, failure) -> membership.start());
  }

  private Inspection inspection() {
    return new Inspection(
        subscriptions,
        Map.of(
            ConsumerRunning.IN_ORDER, Boolean.toString(settings.ordered()),
            ConsumerRunning.THREADS, Integer.toString(settings.concurrency())),
        timer.millis(),
        this::running,
        new DirectHandling(parts, settings.ordered(), timer));
  }

  private Map<TopicQueue, QueueRunning> running() {
    Map<TopicQueue, QueueRunning> running = new HashMap<>();
    all().forEach((queue, assigned) -> running.put(queue, assigned.running()));
    return running;
  }

  private synchronized Map<TopicQueue, AssignedQueue> all() {
    return Map.copyOf(queues);
  }

  /** What brokers tell. */
  private final class Notices implements ServerRequests.GroupListener {

    @Override
    public void membersChanged() {
      membership.lookAgain();
    }

    @Override
    public void offsetsReset(Map<MessageQueue, Long> wanted) {
      wanted.forEach((queue, offset) ->
          reset(new TopicQueue(queue.topic(), queue.brokerName(), queue.queueId()), offset));
    }
  }

  /** Takes up queues of a topic that are ours now, and leaves those that are not. */
  private void ours(String topic, Set<TopicQueue> now) {
    Set<TopicQueue> more = new HashSet<>(now);
    Map<TopicQueue, AssignedQueue> left = new HashMap<>();
    synchronized (this) {
      if (closed.get()) {
        return;
      }
      queues.forEach((queue, assigned) -> {
        if (queue.topic().equals(topic) && !now.contains(queue)) {
          left.put(queue, assigned);
        }
      });
      queues.keySet().removeAll(left.keySet());
      more.removeAll(queues.keySet());
      more.forEach(queue -> queues.put(queue, assigned(queue)));
    }
    left.forEach(this::leave);
    more.forEach(this::takeUp);
    if (!left.isEmpty() || !more.isEmpty()) {
      LOG.info("{} takes up {}, leaves {}", settings.group(), more, left.keySet());
    }
  }

  private AssignedQueue assigned(TopicQueue queue) {
    Set<String> tags = subscriptions.of(queue.topic()).filter().tags();
    QueueLocks held = locks;
    return held == null
        ? new ConcurrentQueue(queue, tags, parts, pulls, timer)
        : new OrderedQueue(queue, tags, parts, pulls, timer, () -> held.isHeld(queue));
  }

  private void takeUp(TopicQueue queue) {
    if (locks == null) {
      load(queue);
    } else {
      locks.want(queue); // goes on when it is held
    }
  }

  private void leave(TopicQueue queue, AssignedQueue assigned) {
    assigned.end(done -> {
      synchronized (this) {
        recorded.remove(queue);
      }
      if (done >= 0) {
        offsets.record(Map.of(queue, done));
      }
      if (locks != null) {
        locks.release(queue);
      }
    });
  }

  /** The queue was locked for us, or is not any more: what we knew of it may be out of date. */
  private void renew(TopicQueue queue) {
    AssignedQueue before;
    synchronized (this) {
      before = queues.get(queue);
      if (before == null) {
        return;
      }
      queues.put(queue, assigned(queue));
    }
    before.end(done -> {});
    if (locks != null && locks.isHeld(queue)) {
      load(queue);
    }
  }

  private void load(TopicQueue queue) {
    AssignedQueue mine;
    synchronized (this) {
      mine = queues.get(queue);
    }
    if (mine == null) {
      return;
    }
    offsets.first(queue, bounds, firstOf(queue)).whenComplete((offset, failure) -> {
      if (failure != null) {
        LOG.warn("where to begin on {} is not known yet: {}", queue, failure.getMessage());
        timer.after(LOAD_AGAIN_AFTER, () -> loadAgain(queue, mine));
      } else if (isOurs(queue, mine)) {
        mine.begin(offset);
      }
    });
  }

  private void loadAgain(TopicQueue queue, AssignedQueue mine) {
    if (isOurs(queue, mine)) {
      load(queue);
    }
  }

  private synchronized boolean isOurs(TopicQueue queue, AssignedQueue mine) {
    return queues.get(queue) == mine && !closed.get();
  }

  private StartFrom firstOf(TopicQueue queue) {
    return TopicNames.isRetry(queue.topic()) ? StartFrom.begin() : settings.startFrom();
  }

  private void reset(TopicQueue queue, long offset) {
    AssignedQueue before;
    AssignedQueue fresh;
    synchronized (this) {
      before = queues.get(queue);
      if (before == null) {
        return;
      }
      fresh = assigned(queue);
      queues.put(queue, fresh);
    }
    before.end(done -> fresh.begin(offset));
  }

  private void wakeAll() {
    all().values().forEach(AssignedQueue::wake);
  }

  /** Tells how far the queues are that have moved since the last time. */
  private void record() {
    Map<TopicQueue, Long> moved = progress();
    synchronized (this) {
      moved.entrySet().removeIf(entry -> entry.getValue().equals(recorded.get(entry.getKey())));
      recorded.putAll(moved);
    }
    if (!moved.isEmpty()) {
      offsets.record(moved);
    }
  }

  private Map<TopicQueue, Long> progress() {
    Map<TopicQueue, Long> progress = new HashMap<>();
    all().forEach((queue, assigned) -> {
      long done = assigned.done();
      if (done >= 0) {
        progress.put(queue, done);
      }
    });
    return progress;
  }

  @Override
  public synchronized Set<TopicQueue> queues() {
    return Set.copyOf(queues.keySet());
  }

  @Override
  public void pause() {
    parts.handlers().pause();
  }

  @Override
  public void resume() {
    parts.handlers().resume();
  }

  @Override
  public void close() {
    waiting.checkThread();
    synchronized (this) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
    }
    membership.close();
    recording.close();
    serverRequests.forget(settings.group());
    parts.handlers().close();
    finishBegun();
    leaveAll();
    waiting.quietly(presence.removeConsumer(settings.group()));
    if (locks != null) {
      locks.close();
    }
    threads.close();
    onClose.accept(this);
  }

  private void finishBegun() {
    try {
      if (!parts.begun().awaitNone(settings.stopTimeout().toMillis(), timer::millis)) {
        LOG.warn(
            "{} stops although handlers are still busy after {}; their messages will be delivered"
                + " again",
            settings.group(),
            settings.stopTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts wants it to be quick
    }
  }

  private void leaveAll() {
    Map<TopicQueue, AssignedQueue> all;
    synchronized (this) {
      all = Map.copyOf(queues);
      queues.clear();
    }
    Map<TopicQueue, Long> progress = new HashMap<>();
    all.forEach((queue, assigned) -> assigned.end(done -> {
      if (done >= 0) {
        progress.put(queue, done);
      }
    }));
    waiting.quietly(offsets.recordSafely(progress));
    if (locks != null) {
      all.keySet().forEach(locks::release);
    }
  }

  @Override
  public String toString() {
    return "the consumer of " + settings.group();
  }
}
