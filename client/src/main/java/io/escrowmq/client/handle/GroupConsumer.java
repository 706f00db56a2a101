package io.escrowmq.client.handle;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.LocalFiles;
import io.escrowmq.client.core.PeriodicTask;
import io.escrowmq.client.core.Signal;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.member.GroupMember;
import io.escrowmq.client.member.GroupSubscriptions;
import io.escrowmq.client.member.QueueLocks;
import io.escrowmq.client.pull.BrokerOffsets;
import io.escrowmq.client.pull.ByteBudget;
import io.escrowmq.client.pull.LocalOffsets;
import io.escrowmq.client.pull.Offsets;
import io.escrowmq.client.pull.PullRequests;
import io.escrowmq.client.pull.QueueBounds;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.body.ConsumerState;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group whose messages are handled as they come: has its share of the queues
 * pulled and handled, and what it has done recorded. Any thread.
 */
public final class GroupConsumer implements Consumer {

  private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration RECORD_EVERY = Duration.ofSeconds(1);

  private final ConsumerSettings settings;
  private final Timer timer;
  private final BlockingCalls waiting;
  private final Pool threads;
  private final java.util.function.Consumer<AutoCloseable> onClose;

  private final GroupSubscriptions subscriptions;
  private final Offsets offsets;
  private final QueueBounds bounds;
  private final PullRequests pulls;
  private final ConsumerParts parts;
  private final GroupMember<AssignedQueue> member;
  private final @Nullable QueueLocks locks; // null unless ordered
  private final PeriodicTask recording;

  private final Map<TopicQueue, Long> recorded = new HashMap<>(); // what was told last; by this

  /**
   * A member that waits for {@link #start}.
   *
   * @param files of this machine, for offsets that no broker keeps
   * @param threads handle messages; closed when this closes
   * @param onClose told once, when this is closed
   */
  public GroupConsumer(
      Cluster cluster,
      ConsumerSettings settings,
      LocalFiles files,
      Pool threads,
      java.util.function.Consumer<AutoCloseable> onClose) {
    this.settings = settings;
    this.timer = cluster.timer();
    this.waiting = cluster.waiting();
    this.threads = threads;
    this.onClose = onClose;
    RemotingClient network = cluster.network();
    Routes routes = cluster.routes();
    Duration requestTimeout = cluster.requestTimeout();
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
        : LocalOffsets.open(files, file);
    this.bounds = new QueueBounds(network, routes, requestTimeout);
    this.pulls = new PullRequests(network, routes, group, subscriptions::of);
    this.parts = new ConsumerParts(
        settings.limits(),
        new ByteBudget(settings.limits().allBytes()),
        new Handlers(
            threads, timer, settings.concurrency(), new RateLimit(settings.ratePerSecond())),
        new HandlerCall(settings.handler(), group),
        file == null
            ? new BrokerRedelivery(network, routes, group, settings.retry(), requestTimeout)
            : new LocalRedelivery(settings.retry()),
        new OpenDeliveries(new Signal(cluster.loops(), timer)),
        this::wakeAll);
    this.member = new GroupMember<>(
        cluster, subscriptions, settings.isBroadcasting(), subscriptions.topics(), new Queues());
    this.locks = settings.ordered()
        ? new QueueLocks(
            network,
            timer,
            routes,
            group,
            cluster.presence().clientId(),
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
    member.register(
        Map.of(
            ConsumerState.IN_ORDER, Boolean.toString(settings.ordered()),
            ConsumerState.THREADS, Integer.toString(settings.concurrency())),
        new DirectHandler(parts, settings.ordered(), timer));
    if (locks != null) {
      locks.start(); // before the first queue is wanted
    }
    recording.start();
    member.join();
  }

  /** What becomes of this member's queues. */
  private final class Queues implements GroupMember.Consumer<AssignedQueue> {

    @Override
    public AssignedQueue assigned(TopicQueue queue) {
      Set<String> tags = subscriptions.of(queue.topic()).filter().tags();
      QueueLocks held = locks;
      return held == null
          ? new ConcurrentQueue(queue, tags, parts, pulls, timer)
          : new OrderedQueue(queue, tags, parts, pulls, timer, () -> held.isHeld(queue));
    }

    @Override
    public void takeUp(TopicQueue queue) {
      if (locks == null) {
        member.load(queue);
      } else {
        locks.want(queue); // goes on when it is held
      }
    }

    @Override
    public void leave(TopicQueue queue, AssignedQueue left) {
      left.end(done -> {
        synchronized (GroupConsumer.this) {
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

    @Override
    public void reset(TopicQueue queue, long offset) {
      member.replace(queue, (before, fresh) -> before.end(done -> fresh.begin(offset)));
    }

    @Override
    public CompletionStage<Long> first(TopicQueue queue) {
      StartFrom from = TopicNames.isRetry(queue.topic()) ? StartFrom.begin() : settings.startFrom();
      return offsets.first(queue, bounds, from);
    }
  }

  /** The queue was locked for us, or is not any more: what we knew of it may be out of date. */
  private void renew(TopicQueue queue) {
    member.replace(queue, (before, fresh) -> {
      before.end(done -> {});
      if (locks != null && locks.isHeld(queue)) {
        member.load(queue);
      }
    });
  }

  private void wakeAll() {
    member.inOrder().forEach(AssignedQueue::wake);
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
    member.all().forEach((queue, assigned) -> {
      long done = assigned.done();
      if (done >= 0) {
        progress.put(queue, done);
      }
    });
    return progress;
  }

  @Override
  public Set<TopicQueue> queues() {
    return member.queues();
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
    if (!member.close()) {
      return;
    }
    recording.close();
    parts.handlers().close();
    finishBegun();
    leaveAll();
    member.leaveGroup();
    if (locks != null) {
      locks.close();
    }
    threads.close();
    onClose.accept(this);
  }

  private void finishBegun() {
    try {
      long deadline = timer.nanoTime() + settings.stopTimeout().toNanos();
      if (!parts.open().awaitNone(deadline)) {
        LOG.warn(
            "{} stops although handlers are still busy after {}; their messages will be delivered"
                + " again",
            settings.group(),
            settings.stopTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // an interrupt asks for a quick end
    }
  }

  private void leaveAll() {
    Map<TopicQueue, AssignedQueue> all = member.removeAll();
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
