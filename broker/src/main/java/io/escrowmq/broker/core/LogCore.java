package io.escrowmq.broker.core;

import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.visible.NewestTime;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import java.util.List;

/**
 * What every other feature stands on: the log, the loop that has its turns, and the views that show
 * what is in it by queue, by key and by time. It applies messages.
 */
public final class LogCore implements Feature, AutoCloseable {

  private final CommitLog log;
  private final ConsumeQueues queues;
  private final KeyIndex keys;
  private final HeapBudget heap;
  private final Surroundings surroundings;
  private final Appliers appliers = new Appliers();
  private final NewestTime newestTime = new NewestTime();
  private final QueueViews queueViews;
  private final SegmentAges ages;
  private final UnreadableMessages unreadable;
  private final LostMessages lost = new LostMessages();
  private final LogEngine engine;
  private final ShownChanges changes;
  private final Features features;

  /**
   * @param heap of which this core may keep what it is asked to keep
   * @param unreadable are told of messages that cannot be read
   */
  public LogCore(
      CommitLog log,
      ConsumeQueues queues,
      KeyIndex keys,
      HeapBudget heap,
      RetentionLimits retention,
      UnreadableMessages unreadable,
      LogEngine.Maker engines,
      Surroundings surroundings) {
    this.log = log;
    this.queues = queues;
    this.keys = keys;
    this.heap = heap;
    this.surroundings = surroundings;
    this.queueViews = new QueueViews(queues, keys, newestTime);
    this.ages = new SegmentAges(log, retention, surroundings.ticker());
    this.unreadable = unreadable;
    this.features = new Features(surroundings.ticker());
    this.engine = engines.make(log, appliers, queues, features.arrivals());
    this.changes = new ShownChanges(log, engine.loop());
  }

  public CommitLog log() {
    return log;
  }

  public LogLoop loop() {
    return engine.loop();
  }

  public LogEngine engine() {
    return engine;
  }

  /** By which answers wait that show topics, groups and offsets. */
  public ShownChanges changes() {
    return changes;
  }

  public ConsumeQueues queues() {
    return queues;
  }

  public KeyIndex keys() {
    return keys;
  }

  public QueueViews queueViews() {
    return queueViews;
  }

  public NewestTime newestTime() {
    return newestTime;
  }

  public SegmentAges ages() {
    return ages;
  }

  public UnreadableMessages unreadable() {
    return unreadable;
  }

  /** What a repair of the store gave up. */
  public LostMessages lost() {
    return lost;
  }

  public HeapBudget heap() {
    return heap;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  /** All features register here what they apply. */
  public Appliers appliers() {
    return appliers;
  }

  /** All that stand on it, itself the first. */
  public Features features() {
    return features;
  }

  public void register(MetricRegistry metrics) {
    loop().register(metrics);
    features.register(metrics);
    metrics.gauge(
        "escrowmq_messages_lost",
        "Messages whose offsets are in the queues and whose records a repair of the store gave up.",
        lost::count);
    metrics.counter(
        "escrowmq_index_damaged_total",
        "Parts of queues and runs of keys that were found damaged, to be made again from the log.",
        () -> queues.everDamaged() + keys.everDamaged());
    metrics.gauge(
        "escrowmq_retention_behind_millis",
        "How far retention is behind the clock because the clock leapt; 0 in general.",
        ages::behindMillis);
  }

  @Override
  public void applyBy(Appliers table) {
    table.on(RecordKind.TOPIC, changes::change);
    table.on(RecordKind.TOPIC_DELETED, changes::change);
    table.on(RecordKind.GROUP, changes::change);
    table.on(RecordKind.GROUP_DELETED, changes::change);
    table.on(RecordKind.CONSUMER_OFFSETS, changes::change);
    table.onMessage(queueViews::applyMessage, RecordKind.MESSAGE);
    table.onMessage(this::sawMessage, RecordKind.MESSAGE, RecordKind.DELAYED, RecordKind.HALF);
  }

  /** Steers the clock, should nobody else ask for the time. */
  @Override
  public void onTick() {
    long unused = surroundings.clock().millis();
  }

  private void sawMessage(LogRecord record, MessageView message) {
    newestTime.saw(message.storeTimestamp());
  }

  @Override
  public List<View> views() {
    return List.of(queues, keys, newestTime, ages);
  }

  /** Lets go of all files: of each, though another may fail. */
  @Override
  public void close() {
    try (log;
        queues;
        keys) {
      // in the other order
    }
  }
}
