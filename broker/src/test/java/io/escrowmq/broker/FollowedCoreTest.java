package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogChunk;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a follower's core does with the log that it copies. */
class FollowedCoreTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
  private final BrokerSettings settings =
      new TestSettings().directory(DIRECTORY).segments(1 << 18, 4096).build();
  private final AtomicInteger opened = new AtomicInteger(); // cores

  @AutoClose
  private final CommitLog leader = CommitLog.open(
      new SimulatedFileSystem(2), DIRECTORY, settings.logSettings(), 0, clock, () -> 4711);

  @Test
  void shouldStayOpenWhenWhatIsCutWasNeverApplied() {
    // given
    long kept = create("kept");
    long end = create("uncommitted");
    FollowedCore core = following();
    core.leaderHas(0, kept);

    // when
    core.cut(leader.epoch(), kept);

    // then
    assertThat(opened).hasValue(1);
    assertThat(core.end()).isEqualTo(kept);
    assertThat(core.copied()).isEqualTo(kept);
    assertThat(states.positions()).allMatch(position -> position <= kept);

    // when: the end is copied after all
    copyInto(core);
    core.leaderHas(0, end);
    core.close();

    // then
    expectTopics(true);
  }

  @Test
  void shouldOpenAgainWhenWhatIsCutWasApplied() {
    // given
    long kept = create("kept");
    long end = create("uncommitted");
    FollowedCore core = following();
    core.leaderHas(0, end);

    // when
    core.cut(leader.epoch(), kept);

    // then
    assertThat(opened).hasValue(2);
    assertThat(core.end()).isEqualTo(kept);
    core.close();
    expectTopics(false);
  }

  @Test
  void shouldKeepWhatIsInEscrowUntilItHasWhereTheLeaderHasMovedIt() {
    // given: the leader has moved it out of its first segment, and has deleted that
    Path first = DIRECTORY.resolve("log").resolve("00000000000000000000.log");
    byte[] message = message();
    long delayed = append(RecordKind.DELAYED, 0, behind(message, Long.MAX_VALUE));
    for (int i = 0; leader.segments().size() < 2; i++) {
      create("topic-" + i);
    }
    long start = leader.segments().get(1).start();
    FollowedCore core = following();

    // when: a follower that has not, and state files that do not need the segment
    await().until(() -> {
      follow(core, start);
      return states.oldestPosition() >= start;
    });
    follow(core, start);
    boolean isKept = files.exists(first);
    append(
        RecordKind.DELAYED,
        StoredMessages.MOVED,
        behind(message, Long.MAX_VALUE, delayed, delayed));

    // then
    assertThat(isKept).isTrue();
    await().until(() -> {
      follow(core, start);
      return !files.exists(first);
    });
    core.close();
  }

  private byte[] message() {
    MessageForge forge = new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
    ByteBuffer body = ByteBuffer.allocate(10);
    return TestMessages.encode(
        forge, "topic-0", 0, 0, 0, clock.millis(), HOST, 0, body, forge.complete(""));
  }

  private static byte[] behind(byte[] message, long... front) {
    ByteBuffer payload = ByteBuffer.allocate(front.length * Long.BYTES + message.length);
    for (long value : front) {
      payload.putLong(value);
    }
    return payload.put(message).array();
  }

  private void follow(FollowedCore core, long leaderStart) {
    create("later-" + leader.end());
    copyInto(core);
    core.leaderHas(leaderStart, leader.written());
    clock.advance(1_000);
    core.onTick(clock.millis());
  }

  private long create(String topic) {
    byte[] payload =
        TopicRecords.changed(clock.millis(), Topic.of(topic, 1, Topic.READ | Topic.WRITE));
    append(RecordKind.TOPIC, 0, payload);
    return leader.written();
  }

  private long append(RecordKind kind, int flags, byte[] payload) {
    assertThat(leader.room().forMessage(payload.length)).isTrue();
    long position = leader
        .append(kind, flags, payload.length, (at, batch) -> batch.put(payload))
        .position();
    leader.write();
    return position;
  }

  private FollowedCore following() {
    CorePlan plan = TestCores.plan(settings, files, states, clock.surroundings());
    LogEngine.Maker counted = (log, appliers, queues, arrivals) -> {
      opened.incrementAndGet();
      return plan.engines().make(log, appliers, queues, arrivals);
    };
    FollowedCore core = new FollowedCore(new CorePlan(
        plan.settings(),
        plan.host(),
        files,
        states,
        plan.background(),
        plan.surroundings(),
        plan.heap(),
        counted));
    assertThat(core.open(leader.copy().secret())).isNull();
    copyInto(core);
    return core;
  }

  private void copyInto(FollowedCore core) {
    while (core.end() < leader.written()) {
      try (LogChunk chunk = leader.copy().chunk(core.end(), 1 << 20)) {
        assertThat(chunk).isNotNull();
        ByteBuffer bytes = chunk.bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        core.take(chunk.position(), copy);
      }
    }
  }

  private void expectTopics(boolean both) {
    try (BrokerCore found =
        TestCores.open(settings, files, states, clock.surroundings(), 64 << 20)) {
      assertThat(found.topics.catalog().find("kept")).isNotNull();
      assertThat(found.topics.catalog().find("uncommitted") != null).isEqualTo(both);
    }
  }
}
