package io.escrowmq.broker.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.pull.LookupHandler;
import io.escrowmq.broker.pull.MessageLookup;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.visible.NewestTime;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.Payloads;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.queue.KeySettings;
import io.escrowmq.store.queue.QueueSettings;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What may be lost in a power failure is seen by nobody: neither a message nor its release. */
class SafeLookupsTest {

  private static final String TOPIC = "orders";
  private static final String KEY = "order-17";

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(7);
  private final CommitLog log = CommitLog.open(
      files,
      Path.of("/data/log"),
      new LogSettings(1 << 20, 64 * 1024, FlushMode.SYNC),
      0,
      clock,
      () -> 42);
  private final ConsumeQueues queues =
      ConsumeQueues.open(files, Path.of("/data/queues"), QueueSettings.forHeap(64 << 20));
  private final KeyIndex keys =
      KeyIndex.open(files, Path.of("/data/keys"), KeySettings.DEFAULT, Runnable::run);
  private final QueueViews views = new QueueViews(queues, keys, new NewestTime());
  private final TopicCatalog topics =
      new TopicCatalog(List.of(Topic.of(TOPIC, 1, Topic.READ | Topic.WRITE)));
  private final MessageLookup lookup = new MessageLookup(log, keys, topics);

  @AfterEach
  void close() {
    keys.close();
    queues.close();
    log.close();
  }

  @Test
  void shouldShowNoMessageBeforeItIsSynced() {
    // given
    byte[] message = message();
    LogRecord record = log.append(RecordKind.MESSAGE, 0, message.length, (at, batch) -> {
      MessageCodec.stamp(message, 0, at, clock.millis());
      batch.put(message);
    });
    long position = record.position();
    views.applyMessage(record, MessageView.of(message));

    // when
    log.write();
    boolean isSeenEarly = lookup.at(position) != null || isFound();
    log.sync();

    // then
    assertThat(isSeenEarly).isFalse();
    assertThat(lookup.at(position)).isNotNull();
    assertThat(isFound()).isTrue();
  }

  @Test
  void shouldShowNoMessageBeforeItsReleaseIsSynced() {
    // given
    Place half = half();
    log.write();
    log.sync();

    // when
    decide(half, 0);
    log.write();
    boolean isSeenEarly = lookup.at(half.position()) != null || isFound();
    log.sync();

    // then
    assertThat(isSeenEarly).isFalse();
    assertThat(lookup.at(half.position())).isNotNull();
    assertThat(isFound()).isTrue();
  }

  @Test
  void shouldHoldAReleaseAgainstTheQueueThatItGoesTo() {
    // given
    Place half = half();

    // when, then
    assertThatThrownBy(() -> decide(half, 3))
        .hasMessageContaining("queue offset 3")
        .hasMessageContaining("goes on at 0");
  }

  private record Place(long position, int length) {}

  private Place half() {
    byte[] front = new HalfRecord(HalfRecord.What.FIRST, 1, 0, -1, "").front();
    byte[] message = message();
    LogRecord half = log.append(
        RecordKind.HALF,
        front.length,
        front.length + message.length,
        (at, batch) -> batch.put(front).put(message));
    return new Place(half.position(), half.recordLength());
  }

  private void decide(Place half, long queueOffset) {
    MessageView message = MessageView.of(message());
    Release release =
        Release.of(half.position(), half.length(), clock.millis(), queueOffset, message);
    Decision decision =
        new Decision(half.position(), Verdict.COMMIT, Decider.PRODUCER, clock.millis());
    byte[] payload = new DecisionRecord(
            decision, "", "", List.of(DecisionRecord.Part.released(half.position(), release)))
        .payload();
    LogRecord record = log.append(RecordKind.DECISION, 0, payload.length, Payloads.of(payload));
    views.release(release, record.position());
    keys.add(DecisionArchive.key(half.position()), record.position(), clock.millis());
  }

  private boolean isFound() {
    QueryMessageHeader header =
        new QueryMessageHeader(TOPIC, KEY, 32, 0, Long.MAX_VALUE, null, null, false);
    FakeCall call = new FakeCall(RequestCode.QUERY_MESSAGE).with(header);
    new LookupHandler(lookup).byKey(call, header);
    return call.reply().code() == ResponseCode.SUCCESS;
  }

  private byte[] message() {
    MessageForge forge = new MessageForge(
        TestLog.STORE_HOST, "Cluster", new UniqueIds(TestLog.STORE_HOST.getAddress(), 1, 1, clock));
    return TestMessages.encode(
        forge,
        TOPIC,
        1,
        0,
        0,
        clock.millis(),
        TestLog.STORE_HOST,
        0,
        ByteBuffer.wrap(new byte[10]),
        "KEYS\u0001" + KEY + "\u0002UNIQ_KEY\u0001U1\u0002");
  }
}
