package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogChunk;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a follower's core does with the log that it copies. */
class FollowedCoreTest {

  private static final Path DIRECTORY = Path.of("/data");

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
  private final BrokerSettings settings = new TestSettings().directory(DIRECTORY).build();
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

  private long create(String topic) {
    byte[] payload =
        TopicRecords.changed(clock.millis(), Topic.of(topic, 1, Topic.READ | Topic.WRITE));
    assertThat(leader.room().forMessage(payload.length)).isTrue();
    leader.append(
        RecordKind.TOPIC, 0, payload.length, (position, batch) -> batch.put(payload));
    leader.write();
    return leader.written();
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
