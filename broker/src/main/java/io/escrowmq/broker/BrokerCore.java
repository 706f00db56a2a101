package io.escrowmq.broker;

import io.escrowmq.broker.admin.AdminFeature;
import io.escrowmq.broker.admin.Backlog;
import io.escrowmq.broker.admin.StoreRoom;
import io.escrowmq.broker.consumer.GroupFeature;
import io.escrowmq.broker.consumer.MemberFeature;
import io.escrowmq.broker.consumer.OffsetFeature;
import io.escrowmq.broker.consumer.RetryFeature;
import io.escrowmq.broker.consumer.RetryLimits;
import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.Features;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.delay.DelayFeature;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.pull.PullFeature;
import io.escrowmq.broker.pull.PullSettings;
import io.escrowmq.broker.reply.ReplyFeature;
import io.escrowmq.broker.send.SendFeature;
import io.escrowmq.broker.send.SendSettings;
import io.escrowmq.broker.topic.SystemTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Policy;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.runtime.Periodic;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.queue.KeySettings;
import io.escrowmq.store.queue.QueueSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker without its network: the log, what its features make of it, and the loop that has the log's
 * turns. {@link CoreRecovery} opens it; started, it takes requests. It may be closed and opened again while
 * the broker goes on.
 */
final class BrokerCore implements AutoCloseable {

  private static final long TICK_MILLIS = 250; // waiting pulls end this late at most

  final LogCore store;
  final TopicFeature topics;
  final GroupFeature groups;
  final OffsetFeature offsets;
  final DelayFeature delays;
  final TransactionFeature transactions;
  final SendFeature sends;
  final PullFeature pulls;
  private final CorePlan plan;
  private final HeapBudget heap;
  private final Features features;
  private final Worker tickWorker;
  private final StoreUpkeep upkeep;
  private boolean isStarted;
  private boolean isFollowing;
  private boolean isStopped;

  /** Nothing of the log is applied yet. */
  BrokerCore(CorePlan plan, CommitLog log) {
    this.plan = plan;
    BrokerHost host = plan.host();
    BrokerSettings settings = plan.settings();
    heap = plan.heap().scope();
    host.metrics().renew();

    store = logCore(plan, log, heap);
    features = store.features();
    features.add(store);
    topics = features.add(topicFeature());
    groups = features.add(new GroupFeature(store, topics.catalog(), settings.autoCreateGroups()));
    offsets = features.add(
        new OffsetFeature(store, host.identity(), topics, groups.catalog(), host.clients()));
    delays = features.add(new DelayFeature(store, topics.catalog(), plan.heap().bytes()));
    transactions = features.add(new TransactionFeature(
        store,
        settings.transactions(),
        topics.catalog(),
        delays.delayed(),
        host.producers(),
        host.metrics(),
        host.advertised()));
    MessageForge forge = MessageForge.of(host.identity(), host.advertised(), plan.surroundings());
    sends = features.add(sendFeature(forge));
    pulls = features.add(pullFeature());
    features.add(new RetryFeature(
        store, topics.catalog(), groups.creation(), pulls.messages(), forge, sends.intake()));
    features.add(new MemberFeature(
        store, host.identity(), topics, groups, host.clients(), host.locks(), pulls.messages()));
    features.add(new ReplyFeature(
        topics.catalog(),
        host.clients(),
        host.identity(),
        settings.maxMessageBytes(),
        plan.surroundings().clock()));
    upkeep = new StoreUpkeep(store, plan.states(), features.all(), settings.segmentBytes());
    features.add(adminFeature());
    features.add(upkeep);

    features.all().forEach(feature -> feature.applyBy(store.appliers()));
    store.appliers().requireAllKinds();
    store.register(host.metrics());
    tickWorker = plan.surroundings().worker("sweep-loop");
  }

  private static LogCore logCore(CorePlan plan, CommitLog log, HeapBudget heap) {
    Path directory = plan.settings().storeDirectory();
    long heapBytes = plan.heap().bytes();
    return new LogCore(
        log,
        ConsumeQueues.open(
            plan.files(), directory.resolve("queues"), QueueSettings.forHeap(heapBytes)),
        KeyIndex.open(
            plan.files(),
            directory.resolve("keys"),
            KeySettings.forHeap(heapBytes),
            plan.background()),
        heap,
        plan.host().settings().retention(),
        plan.host().unreadable(),
        plan.engines(),
        plan.surroundings());
  }

  private TopicFeature topicFeature() {
    BrokerSettings settings = plan.settings();
    List<Topic> builtIn = SystemTopics.of(
        settings.cluster(), settings.name(), settings.autoCreateTopics(), settings.defaultQueues());
    return new TopicFeature(
        store,
        plan.host().identity(),
        builtIn,
        settings.topicLimits(),
        plan.host().routes(),
        plan.host().statistics()::putRate);
  }

  private SendFeature sendFeature(MessageForge forge) {
    BrokerSettings settings = plan.settings();
    BrokerHost host = plan.host();
    return new SendFeature(
        store,
        new SendSettings(host.advertised(), settings.maxMessageBytes(), settings.deduplication()),
        forge,
        topics.catalog(),
        delays.bound(),
        transactions.intake(),
        new RetryLimits(groups.creation(), host.locks(), plan.surroundings().ticker()),
        host.statistics().traffic());
  }

  private PullFeature pullFeature() {
    return new PullFeature(
        store,
        topics,
        groups,
        offsets.offsets(),
        plan.host().clients(),
        PullSettings.DEFAULT.withUsualMessages(plan.settings().pullMessages()),
        plan.settings().offsetBeyondEnd(),
        plan.host().statistics().traffic());
  }

  private AdminFeature adminFeature() {
    BrokerHost host = plan.host();
    return new AdminFeature(
        store,
        topics.catalog(),
        host.clients(),
        upkeep.retention(),
        host.settings(),
        host.statistics(),
        new StoreRoom(plan.files(), plan.settings().storeDirectory()),
        new Backlog(pulls.pulls()::waiting, delays.delayed()::visiblyWaiting));
  }

  BrokerHost host() {
    return plan.host();
  }

  StoreUpkeep upkeep() {
    return upkeep;
  }

  /** All that is done in the log's turn when its time has come. */
  List<Duty> duties() {
    return features.all().stream().flatMap(feature -> feature.duties().stream()).toList();
  }

  /** All that is answered. Asked for once, before the start. */
  RequestTable requests() {
    RequestTable all = RequestTable.of();
    for (Feature feature : features.all()) {
      all = all.and(feature.requests());
    }
    return all.behind(Gate.of(
        Policy.forAll(plan.settings().network().anonymous()),
        plan.host().statistics().requests()));
  }

  /** From now on it takes requests and does what is due. Once; of a copy, when all of it is applied. */
  void start() {
    isStarted = true;
    isFollowing = false;
    duties().forEach(store.loop()::add);
    features.start();
    store.engine().start();
    tickWorker.start(
        new Periodic(features::onTick, TICK_MILLIS, plan.surroundings().ticker()));
  }

  /**
   * From now on it grows by what is copied. Once, and before a start.
   *
   * @param applied up to where that was applied
   */
  void follow(LongSupplier applied) {
    isFollowing = true;
    upkeep.follow(applied);
  }

  /** Stops, and writes no state: the log of a copy is going to be cut. */
  void stopWithoutState() {
    isStopped = true;
    upkeep.abandon();
  }

  /** Why the log takes nothing any more; null while all is well. */
  @Nullable
  String failure() {
    return store.loop().stopped();
  }

  /** Finishes what waits and writes a last state file. What is in the log can still be read. */
  void stop() {
    if (isStopped) {
      return;
    }
    isStopped = true;
    if (isFollowing) {
      upkeep.close();
    }
    if (!isStarted) {
      return;
    }
    tickWorker.close();
    features.stop();
    try {
      store.engine().close();
    } finally {
      upkeep.close();
    }
  }

  /** Stops, and lets go of all files. */
  @Override
  public void close() {
    try (heap;
        store) {
      stop();
    }
  }
}
