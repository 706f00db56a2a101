package io.escrowmq.client.member;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.body.ConsumerState.QueueState;
import io.escrowmq.remoting.body.MessageQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a consumer group: joins it, learns which queues are its own, and finds out where to
 * begin on each. What is done with a queue is the consumer's business. Any thread; the table of queues
 * is guarded by this.
 *
 * @param <Q> what the consumer makes of a queue
 */
public final class GroupMember<Q extends MemberQueue> {

  private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
  private static final Duration LOAD_AGAIN_AFTER = Duration.ofSeconds(1);

  /**
   * The consumer's part. All but {@link #assigned} is called without the member's lock.
   *
   * @param <Q> what the consumer makes of a queue
   */
  public interface Consumer<Q> {

    /** Makes a queue that waits for its beginning; must be quick and call nothing. */
    Q assigned(TopicQueue queue);

    /** The queue is ours from now on; {@link #load} lets it begin. */
    void takeUp(TopicQueue queue);

    /** The queue is another member's from now on. */
    void leave(TopicQueue queue, Q left);

    /** An operator wants the queue to be read from there. */
    void reset(TopicQueue queue, long offset);

    /** Asks where the group begins on the queue. */
    CompletionStage<Long> first(TopicQueue queue);
  }

  private final Cluster cluster;
  private final Timer timer;
  private final String group;
  private final GroupSubscriptions subscriptions;
  private final Consumer<Q> consumer;
  private final Membership membership;

  private final Map<TopicQueue, Q> queues = new LinkedHashMap<>();
  private volatile List<Q> inOrder = List.of(); // an image of the table, made when it changes
  private volatile boolean closed; // written under the lock

  /**
   * A member that waits for {@link #register} and {@link #join}.
   *
   * @param alone whether it has all queues, as every other member
   * @param topics whose queues the members of the group divide
   */
  public GroupMember(
      Cluster cluster,
      GroupSubscriptions subscriptions,
      boolean alone,
      List<String> topics,
      Consumer<Q> consumer) {
    this.cluster = cluster;
    this.timer = cluster.timer();
    this.group = subscriptions.entry().group();
    this.subscriptions = subscriptions;
    this.consumer = consumer;
    this.membership = new Membership(
        cluster.network(),
        timer,
        cluster.routes(),
        new Membership.Member(group, cluster.presence().clientId(), alone, topics),
        cluster.requestTimeout(),
        this::take,
        cluster.presence()::beat);
  }

  /**
   * Lets brokers know of it. Waits only for brokers that have to read a condition.
   *
   * @param properties how it consumes, for operators; under the names of {@link
   *     io.escrowmq.remoting.body.ConsumerState}
   * @param handler handles what operators bring; null when messages are polled
   * @throws io.escrowmq.client.FilterRefusedException when a broker refuses a condition
   */
  public void register(Map<String, String> properties, Inspection.@Nullable Handler handler) {
    if (subscriptions.all().stream().anyMatch(one -> !one.isByTag())) {
      FilterCheck check = new FilterCheck(
          cluster.network(),
          cluster.routes(),
          group,
          cluster.presence().clientId(),
          cluster.requestTimeout());
      cluster.waiting().forResultOf(check.check(subscriptions.all()));
    }
    cluster.presence().addConsumer(group, subscriptions::entry);
    cluster
        .serverRequests()
        .listen(
            group,
            new Notices(),
            new Inspection(subscriptions, properties, timer.millis(), this::running, handler));
  }

  /** Takes part in the division of queues, once brokers know of it. */
  public void join() {
    cluster.presence().beatAll().whenComplete((all, failure) -> membership.start());
  }

  private Map<TopicQueue, QueueState> running() {
    // a queue's lock is never taken under the member's: pullers take them the other way round
    Map<TopicQueue, QueueState> running = new HashMap<>();
    all().forEach((queue, mine) -> running.put(queue, mine.running()));
    return running;
  }

  /** What brokers tell. */
  private final class Notices implements ServerRequests.GroupListener {

    @Override
    public void membersChanged() {
      membership.lookAgain();
    }

    @Override
    public void offsetsReset(Map<MessageQueue, Long> wanted) {
      wanted.forEach((queue, offset) -> consumer.reset(
          new TopicQueue(queue.topic(), queue.brokerName(), queue.queueId()), offset));
    }
  }

  /** Takes up those queues of a topic that are ours now, and leaves those that are not. */
  public void take(String topic, Set<TopicQueue> now) {
    Set<TopicQueue> more = new HashSet<>(now);
    Map<TopicQueue, Q> left = new HashMap<>();
    synchronized (this) {
      if (closed) {
        return;
      }
      queues.forEach((queue, mine) -> {
        if (queue.topic().equals(topic) && !now.contains(queue)) {
          left.put(queue, mine);
        }
      });
      queues.keySet().removeAll(left.keySet());
      more.removeAll(queues.keySet());
      more.forEach(queue -> queues.put(queue, consumer.assigned(queue)));
      inOrder = List.copyOf(queues.values());
    }
    left.forEach(consumer::leave);
    more.forEach(consumer::takeUp);
    if (!left.isEmpty() || !more.isEmpty()) {
      LOG.info("{} takes up {}, leaves {}", group, more, left.keySet());
    }
  }

  /** Lets the queue begin where the group is; asks until that is known. */
  public void load(TopicQueue queue) {
    Q mine = find(queue);
    if (mine == null) {
      return;
    }
    consumer.first(queue).whenComplete((offset, failure) -> {
      if (failure != null) {
        LOG.warn("where to begin on {} is not known yet: {}", queue, failure.getMessage());
        timer.after(LOAD_AGAIN_AFTER, () -> loadAgain(queue, mine));
      } else if (isOurs(queue, mine)) {
        mine.begin(offset);
      }
    });
  }

  private void loadAgain(TopicQueue queue, Q mine) {
    if (isOurs(queue, mine)) {
      load(queue);
    }
  }

  private synchronized boolean isOurs(TopicQueue queue, Q mine) {
    return queues.get(queue) == mine && !closed;
  }

  /**
   * Puts a new one in the place of a queue, if that is ours.
   *
   * @param then is given the one before and the new one
   */
  public void replace(TopicQueue queue, BiConsumer<Q, Q> then) {
    Q before;
    Q fresh;
    synchronized (this) {
      before = queues.get(queue);
      if (before == null) {
        return;
      }
      fresh = consumer.assigned(queue);
      queues.put(queue, fresh);
      inOrder = List.copyOf(queues.values());
    }
    then.accept(before, fresh);
  }

  public synchronized @Nullable Q find(TopicQueue queue) {
    return queues.get(queue);
  }

  /** Those that are ours now. */
  public synchronized Map<TopicQueue, Q> all() {
    return Map.copyOf(queues);
  }

  /** The same, in the order in which they became ours; costs nothing. */
  public List<Q> inOrder() {
    return inOrder;
  }

  public synchronized Set<TopicQueue> queues() {
    return Set.copyOf(queues.keySet());
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Takes no queue any more, and is told nothing; what it has, it keeps.
   *
   * @return false when it was closed before
   */
  public boolean close() {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
    }
    membership.close();
    cluster.serverRequests().forget(group);
    return true;
  }

  /** The queues that it had, which are its own no more. */
  public synchronized Map<TopicQueue, Q> removeAll() {
    Map<TopicQueue, Q> all = Map.copyOf(queues);
    queues.clear();
    inOrder = List.of();
    return all;
  }

  /** Has brokers forget it. */
  public void leaveGroup() {
    cluster.waiting().quietly(cluster.presence().removeConsumer(group));
  }
}
