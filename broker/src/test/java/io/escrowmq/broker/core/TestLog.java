package io.escrowmq.broker.core;

import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.ShippedState;
import io.escrowmq.broker.TestSettings;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.GroupCatalog;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.pull.MessageLookup;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.recent.RecentSends;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.tx.ExhaustionPolicy;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.tx.Bounds;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A broker's log with its views, on a simulated disk, for handlers' tests. The real loop, turned by
 * the test; nothing runs by itself.
 */
public final class TestLog implements AutoCloseable {

  public static final DelayBound ANY_DELAYS = new DelayBound(() -> 0, Integer.MAX_VALUE);

  public static final int MOST_WAITING = 1 << 14;
  private static final long MOST_WAITING_BYTES = 16 << 20;

  public static final InetSocketAddress STORE_HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);

  private static BrokerSettings settings(ExhaustionPolicy exhausted) {
    return new TestSettings()
        .cluster("Cluster")
        .segments(1 << 20, 64 * 1024)
        .withoutAutoCreatedTopics()
        .deduplication(new Deduplication(Deduplication.Of.MARKED, 100, 9_000))
        .transactions(new TransactionSettings(
            TransactionSettings.DEFAULT.schedule(),
            new Bounds(100, 200_000, 60, 150_000),
            exhausted))
        .build();
  }

  private static final long HEAP_BYTES = 64 << 20;

  public final ManualClock clock = new ManualClock(1_700_000_000_000L);

  /** The clock of records; the same as the other one as long as that does not jump. */
  public final BrokerClock time = new BrokerClock(clock, clock.ticker());

  public final SimulatedFileSystem files = new SimulatedFileSystem(7);
  private int woken;
  private Runnable topicsChanged = () -> {};
  private Settlement settlement = Settlement.WRITTEN;
  private final Inbox inbox = new Inbox(MOST_WAITING, MOST_WAITING_BYTES);
  private final BrokerSettings settings;
  public final ShippedState state;
  public final CommitLog log;
  public final ConsumeQueues queues;
  public final KeyIndex keys;
  public final QueueViews queueViews;
  public final TopicCatalog topics;
  public final GroupCatalog groups;
  public final ConsumerOffsets offsets;
  public final SegmentAges ages;
  public final UnreadableMessages unreadable;
  public final DelayedMessages delayed;
  public final Transactions transactions;
  public final RecentSends recentSends;
  public final LogLoop loop;
  private FlushLoop flushLoop; // of the core that was opened last
  public final MessageForge forge =
      new MessageForge(STORE_HOST, "Cluster", new UniqueIds(STORE_HOST.getAddress(), 1, 1, time));
  public final List<String> failures = new ArrayList<>(); // why the loop stopped for good
  public final MessageLookup lookup;
  public final MessageIntake intake;

  public TestLog() {
    this(ExhaustionPolicy.SUSPEND);
  }

  /** @param exhausted what happens to half-messages when all checks were in vain */
  public TestLog(ExhaustionPolicy exhausted) {
    settings = settings(exhausted);
    state = open();
    log = state.log();
    queues = state.queues();
    keys = state.keys();
    queueViews = state.queueViews();
    topics = state.topics();
    groups = state.groups();
    offsets = state.offsets();
    ages = state.ages();
    unreadable = state.unreadable();
    delayed = state.delayed();
    transactions = state.transactions();
    recentSends = state.recentSends();
    loop = state.loop();
    lookup = new MessageLookup(log, keys, topics);
    intake = new MessageIntake(loop, queueViews, topics, ANY_DELAYS);
    loop.add(delayed);
    loop.add(offsets);
  }

  private ShippedState open() {
    return ShippedState.open(
        settings,
        files,
        TestMachine.at(time, time.ticker()),
        HEAP_BYTES,
        () -> topicsChanged.run(),
        this::engine);
  }

  private static Worker worker(String name) {
    return TestMachine.REAL.worker(name);
  }

  private LogEngine engine(
      CommitLog ofCore, Appliers appliers, ConsumeQueues ofQueues, List<Arrivals> arrivals) {
    LogLoop made = new LogLoop(
        ofCore,
        appliers,
        ofQueues,
        TestMachine.at(time, time.ticker()),
        new LogListeners(arrivals, () -> woken++, failures::add, () -> null),
        batch -> settlement.hand(batch),
        inbox);
    flushLoop = new FlushLoop(ofCore, time.ticker(), () -> {}, () -> woken++, Settlement.WRITTEN);
    return new LogEngine(
        made,
        worker("log"),
        List.of(
            new LogEngine.Turned(flushLoop, worker("flush")),
            new LogEngine.Turned(new SyncWatch(flushLoop.sync()), worker("watch"))),
        null);
  }

  /** From now on this is run when a change of topics is safe. */
  public void whenTopicsChange(Runnable listener) {
    topicsChanged = listener;
  }

  /** How often the loop's thread would have been woken. */
  public int woken() {
    return woken;
  }

  /** Takes back what waits for the loop, in its order; the test may offer it again. */
  public List<Proposal> takeWaiting() {
    List<Proposal> waiting = new ArrayList<>();
    for (Proposal next = inbox.poll(); next != null; next = inbox.poll()) {
      inbox.giveBack(Inbox.load(next));
      waiting.add(next);
    }
    return waiting;
  }

  /** What a start finds after the process was killed. */
  public ShippedState killAndOpen() {
    files.kill();
    return open();
  }

  /** From now on nothing is answered or visible before {@link #flush}, as with a synced log. */
  public void syncBeforeAnswers() {
    settlement = flushLoop;
  }

  /** Syncs what was written, and settles it. */
  public void flush() {
    while (flushLoop.turn() > 0) {
      // each turn is bounded
    }
  }

  /** Where the log ends, and all views as they would be written now. */
  public byte[] stateBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(log.end());
      for (View view : state.views()) {
        if (view == state.ages()) {
          continue; // made of the time that passes, not of records
        }
        view.image().writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Turns the loop until nothing waits. */
  public void settle() {
    settle(loop);
  }

  /** The same with any loop. */
  public static void settle(LogLoop loop) {
    while (loop.turn() > 0) {
      // each turn is bounded
    }
  }

  /** Records a topic that may be read and written. */
  public void createTopic(String name, int queues) {
    rule(recorder -> recorder.record(
        RecordKind.TOPIC,
        0,
        TopicRecords.changed(
            recorder.nowMillis(), Topic.of(name, queues, Topic.READ | Topic.WRITE))));
  }

  /** Sends one message and tells where it lies. */
  public long send(String topic, int queueId, String body, String properties, int reconsumeTimes) {
    byte[] message = encoded(topic, queueId, body, properties, reconsumeTimes);
    List<Long> positions = new ArrayList<>();
    rule(recorder -> positions.add(record(recorder, topic, queueId, message)));
    return positions.get(0);
  }

  /** The same while something is ruled on. */
  void record(Recorder recorder, String topic, int queueId, String body) {
    record(recorder, topic, queueId, encoded(topic, queueId, body, "", 0));
  }

  private byte[] encoded(
      String topic, int queueId, String body, String properties, int reconsumeTimes) {
    return TestMessages.encode(
        forge,
        topic,
        queueId,
        0,
        0,
        clock.millis(),
        STORE_HOST,
        reconsumeTimes,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        forge.complete(properties));
  }

  private long record(Recorder recorder, String topic, int queueId, byte[] message) {
    return recorder.record(RecordKind.MESSAGE, 0, message.length, (position, batch) -> {
      MessageCodec.stamp(message, queueViews.tail(topic, queueId), position, recorder.nowMillis());
      batch.put(message);
    });
  }

  /** Rules on one proposal, and settles. */
  public void rule(Consumer<Recorder> ruling) {
    rule(loop, ruling);
  }

  /** The same on any loop. */
  public static void rule(LogLoop loop, Consumer<Recorder> ruling) {
    List<String> failures = new ArrayList<>();
    loop.offer(new TestProposal("the proposal", ruling, () -> {}, failures));
    settle(loop);
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.get(0));
    }
  }

  @Override
  public void close() {
    keys.close();
    queues.close();
    log.close();
  }
}
