package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The durable side of a broker on a simulated disk, with small segments: fill, damage, start again. */
final class TestStore {

  static final Path DIRECTORY = Path.of("/data");
  static final int SEGMENT_BYTES = 72 * 1024;

  static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);

  final ManualClock clock = new ManualClock(1_700_000_000_000L);
  final SimulatedFileSystem files;
  final MessageForge forge =
      new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));

  /** Of this life; {@link #start} begins it. */
  StateFiles states;

  BrokerCore state;
  LogLoop loop;

  private final long heapBytes;

  TestStore(long seed) {
    this(seed, 256 << 20);
  }

  /** @param heapBytes a small one makes small chunks and small runs of keys */
  TestStore(long seed, long heapBytes) {
    this.files = new SimulatedFileSystem(seed);
    this.heapBytes = heapBytes;
    start();
  }

  void start() {
    start(settings(), heapBytes);
  }

  /** With other settings than before, or in a smaller heap. */
  void start(BrokerSettings settings, long heap) {
    states = new StateFiles(files, DIRECTORY.resolve("state"));
    state = TestCores.open(settings, files, states, clock.surroundings(), heap);
    loop = state.store.loop();
    loop.add(state.delays.delayed());
    loop.add(state.offsets.offsets());
  }

  void createTopic(String name, int queues) {
    rule(recorder -> recorder.record(
        RecordKind.TOPIC,
        0,
        TopicRecords.changed(
            recorder.nowMillis(), Topic.of(name, queues, Topic.READ | Topic.WRITE))));
  }

  void deleteTopic(String name) {
    rule(recorder -> recorder.record(
        RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), name)));
  }

  /** Sends one that becomes visible later. */
  void sendDelayed(String topic, int queueId, String body, long millis) {
    byte[] message = message(topic, queueId, body);
    rule(recorder -> {
      byte[] front = DelayedMessages.front(recorder.nowMillis() + millis);
      int length = front.length + message.length;
      recorder.record(RecordKind.DELAYED, 0, length, (position, batch) -> {
        MessageCodec.stamp(message, 0, position, recorder.nowMillis());
        batch.put(front).put(message);
      });
    });
  }

  private byte[] message(String topic, int queueId, String body) {
    return TestMessages.encode(
        forge,
        topic,
        queueId,
        0,
        0,
        clock.millis(),
        HOST,
        0,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
        forge.complete(Properties.appended("", PropertyNames.UNIQUE_KEY, topic + queueId + body)));
  }

  /** Sends one message with a key of its own; tells where it lies. */
  long send(String topic, int queueId, String body) {
    long[] at = new long[1];
    rule(recorder -> at[0] = record(recorder, topic, queueId, body));
    return at[0];
  }

  /** The same while something is ruled on. */
  long record(Recorder recorder, String topic, int queueId, String body) {
    byte[] message = message(topic, queueId, body);
    return recorder.record(RecordKind.MESSAGE, 0, message.length, (position, batch) -> {
      MessageCodec.stamp(
          message, state.store.queueViews().tail(topic, queueId), position, recorder.nowMillis());
      batch.put(message);
    });
  }

  /** Sends messages with numbered bodies until the log is in another segment. */
  void fillSegment(String topic, int queueId) {
    long segment = state.store.log().end() / SEGMENT_BYTES;
    for (int i = 0; state.store.log().end() / SEGMENT_BYTES == segment; i++) {
      send(topic, queueId, "x".repeat(500) + i);
    }
  }

  void rule(Consumer<Recorder> ruling) {
    clock.advance(1);
    TestLog.rule(loop, ruling);
  }

  void settle() {
    TestLog.settle(loop);
  }

  void sync() {
    state.store.log().sync();
  }

  void writeState() {
    sync();
    states.write(state.store.log().end(), images());
  }

  /** The same, but for one view. */
  void writeStateWith(String view, Image image) {
    Map<String, Image> images = images();
    images.put(view, image);
    sync();
    states.write(state.store.log().end(), images);
  }

  Map<String, Image> images() {
    Map<String, Image> images = new LinkedHashMap<>();
    state.upkeep().stored().forEach(view -> images.put(view.name(), view.image()));
    return images;
  }

  /** Lets go of the segments before a position, as retention does. */
  void retain(long position) {
    assertThat(position).isLessThanOrEqualTo(states.oldestPosition());
    state.store.log().deleteBefore(position);
    state.store.queues().forgetBefore(state.store.log().start());
    state.store.keys().forgetBefore(state.store.log().start());
  }

  /** The process ends without a word. */
  void kill() {
    files.kill();
  }

  void stop() {
    if (state.store.log().end() > state.upkeep().states().lastPosition()) {
      writeState();
    }
    state.close();
  }

  /** What consumers can read of a queue: bodies by queue offset. */
  Map<Long, String> read(String topic, int queueId) {
    return read(topic, queueId, false);
  }

  /** The same, without messages that are damaged. */
  Map<Long, String> readWhatIsWhole(String topic, int queueId) {
    return read(topic, queueId, true);
  }

  private Map<Long, String> read(String topic, int queueId, boolean passOver) {
    Map<Long, String> bodies = new TreeMap<>();
    ConsumeQueue queue = state.store.queues().find(topic, queueId);
    if (queue == null) {
      return bodies;
    }
    QueueEntries entries = new QueueEntries(32);
    try (LogReader reader = state.store.log().newReader()) {
      for (long at = queue.minOffset(); at < queue.maxOffset(); at += entries.count()) {
        if (queue.read(at, entries) == 0) {
          throw new AssertionError("nothing at " + at + " of " + queue);
        }
        for (int i = 0; i < entries.count(); i++) {
          try {
            LogRecord record = entries.hasMessage(i) ? reader.read(entries.position(i)) : null;
            if (record != null) {
              bodies.put(entries.offset(i), body(record));
            }
          } catch (StorageException e) {
            if (!passOver) {
              throw e;
            }
          }
        }
      }
    }
    return bodies;
  }

  private static String body(LogRecord record) {
    ByteBuffer payload = record.payload();
    return StandardCharsets.UTF_8
        .decode(
            new MessageView().wrap(payload, StoredMessages.messageAt(record)).body())
        .toString();
  }

  static BrokerSettings settings() {
    return usual().build();
  }

  static TestSettings usual() {
    return new TestSettings().segments(SEGMENT_BYTES, 4096);
  }
}
