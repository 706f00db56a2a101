package io.escrowmq.client.pull;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Filter;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.BlockingCalls;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.Signal;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.member.GroupMember;
import io.escrowmq.client.member.GroupSubscriptions;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.RemotingClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A member of a group that is polled: its queues are pulled ahead, and read by polls. Any
 * thread.
 */
public final class PollingConsumer implements PullConsumer {

  private final PullSettings settings;
  private final Timer timer;
  private final Routes routes;
  private final BlockingCalls waiting;
  private final Consumer<AutoCloseable> onClose;

  private final GroupSubscriptions subscriptions;
  private final BrokerOffsets offsets;
  private final QueueBounds bounds;
  private final PullRequests pulls;
  private final ByteBudget budget;
  private final GroupMember<PolledQueue> member;

  private final Signal arrived;
  private int turn; // which queue is read first the next time; guarded by this

  /**
   * A member that waits for {@link #start}.
   *
   * @param onClose told once, when this is closed
   */
  public PollingConsumer(Cluster cluster, PullSettings settings, Consumer<AutoCloseable> onClose) {
    this.settings = settings;
    this.timer = cluster.timer();
    this.routes = cluster.routes();
    this.waiting = cluster.waiting();
    this.onClose = onClose;
    this.arrived = new Signal(cluster.loops(), timer);
    RemotingClient network = cluster.network();
    Duration requestTimeout = cluster.requestTimeout();
    Map<String, Filter> filters = new HashMap<>(settings.subscriptions());
    settings.assigned().forEach(queue -> filters.put(queue.topic(), Filter.all()));
    this.subscriptions = new GroupSubscriptions(
        settings.group(), "CONSUME_ACTIVELY", false, settings.startFrom(), filters, timer.millis());
    this.offsets = new BrokerOffsets(network, routes, settings.group(), requestTimeout);
    this.bounds = new QueueBounds(network, routes, requestTimeout);
    this.pulls = new PullRequests(network, routes, settings.group(), subscriptions::of);
    this.budget = new ByteBudget(settings.limits().allBytes());
    List<String> divided = List.copyOf(settings.subscriptions().keySet()); // none if assigned
    this.member = new GroupMember<>(cluster, subscriptions, false, divided, new Queues());
  }

  /**
   * Joins the group. Waits only for brokers that have to read a condition.
   *
   * @throws io.escrowmq.client.FilterRefusedException when one of them refuses it
   */
  public void start() {
    member.register(Map.of(), null);
    member.join();
    settings.assigned().stream()
        .collect(Collectors.groupingBy(TopicQueue::topic, Collectors.toSet()))
        .forEach((topic, assigned) ->
            routes.find(topic).whenComplete((route, failure) -> member.take(topic, assigned)));
  }

  /** What becomes of this member's queues. */
  private final class Queues implements GroupMember.Consumer<PolledQueue> {

    @Override
    public PolledQueue assigned(TopicQueue queue) {
      Set<String> tags = subscriptions.of(queue.topic()).filter().tags();
      return new PolledQueue(queue, tags, settings.limits(), budget, pulls, timer, arrived::raise);
    }

    @Override
    public void takeUp(TopicQueue queue) {
      member.load(queue);
    }

    @Override
    public void leave(TopicQueue queue, PolledQueue left) {
      left.stop();
    }

    @Override
    public void reset(TopicQueue queue, long offset) {
      PolledQueue polled = member.find(queue);
      if (polled != null) {
        polled.seek(offset);
      }
    }

    @Override
    public CompletionStage<Long> first(TopicQueue queue) {
      return offsets.first(queue, bounds, settings.startFrom());
    }
  }

  private PolledQueue required(TopicQueue queue) {
    PolledQueue found = member.find(queue);
    if (found == null) {
      throw new IllegalArgumentException(
          queue + " is not one of the queues that are read now: " + queues());
    }
    return found;
  }

  @Override
  public Set<TopicQueue> queues() {
    return member.queues();
  }

  @Override
  public List<Delivery> poll(Duration wait) {
    waiting.checkThread();
    List<Delivery> polled = new ArrayList<>();
    try {
      if (Thread.interrupted()) { // also while there is always something to poll
        throw new InterruptedException();
      }
      if (!drainTo(polled) && !wait.isZero()) {
        arrived.await(() -> drainTo(polled), timer.nanoTime() + wait.toNanos());
      }
    } catch (InterruptedException e) {
      throw BlockingCalls.interrupted(e);
    }
    member.inOrder().forEach(PolledQueue::wakeIfStalled);
    return polled;
  }

  /** What is there, beginning with another queue each time. */
  private synchronized boolean drainTo(List<Delivery> polled) {
    checkOpen();
    List<PolledQueue> all = member.inOrder();
    for (int i = 0; i < all.size() && polled.size() < settings.maxPolled(); i++) {
      PolledQueue queue = all.get(Math.floorMod(turn + i, all.size()));
      queue.drainTo(polled, settings.maxPolled() - polled.size());
    }
    turn++;
    return !polled.isEmpty();
  }

  private void checkOpen() {
    if (member.isClosed()) {
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
    synchronized (this) { // no poll is halfway
      checkOpen();
      member.all().forEach((queue, polled) -> {
        long position = polled.position();
        if (position >= 0) {
          positions.put(queue, position);
        }
      });
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
    waiting.checkThread();
    if (!member.close()) {
      return;
    }
    Map<TopicQueue, PolledQueue> all = member.removeAll();
    arrived.raise(); // polls that wait see that it is closed
    all.values().forEach(PolledQueue::stop);
    member.leaveGroup();
    onClose.accept(this);
  }

  @Override
  public String toString() {
    return "the polled consumer of " + settings.group();
  }
}
