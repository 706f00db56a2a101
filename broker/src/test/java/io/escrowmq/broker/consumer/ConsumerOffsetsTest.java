package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.FakeRecorder;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.store.RecordKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsumerOffsetsTest {

  private final ConsumerOffsets offsets = new ConsumerOffsets(HeapBudget.unbounded());
  private final FakeRecorder log = new FakeRecorder(record -> apply(offsets, record));

  private static void apply(ConsumerOffsets view, FakeRecorder.Fact record) {
    if (record.kind() == RecordKind.CONSUMER_OFFSETS) {
      view.apply(record.flags(), record.buffer());
    } else {
      view.applyGroupDeleted(record.buffer());
    }
  }

  private ConsumerOffsets replayed() {
    ConsumerOffsets fresh = new ConsumerOffsets(HeapBudget.unbounded());
    log.records().forEach(record -> apply(fresh, record));
    return fresh;
  }

  private void reset(String group, String topic, Map<Integer, Long> to) {
    OffsetResets.record(log, group, topic, to);
  }

  private static ConsumerOffsets restoredFrom(ConsumerOffsets view) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    view.image().writeTo(new DataOutputStream(bytes));
    ConsumerOffsets fresh = new ConsumerOffsets(HeapBudget.unbounded());
    fresh.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return fresh;
  }

  @Test
  void shouldTellReportedOffsetAtOnce() {
    // when
    offsets.report("g", "T", 3, 17);

    // then
    assertThat(offsets.find("g", "T", 3)).isEqualTo(17);
    assertThat(offsets.find("g", "T", 2)).isEqualTo(ConsumerOffsets.NONE);
    assertThat(offsets.find("h", "T", 3)).isEqualTo(ConsumerOffsets.NONE);
  }

  @Test
  void shouldIgnoreNegativeOffset() {
    // given
    offsets.report("g", "T", 0, 5);

    // when
    offsets.report("g", "T", 0, -7);

    // then
    assertThat(offsets.find("g", "T", 0)).isEqualTo(5);
  }

  @Test
  void shouldRecordManyReportsAsOneRecord() {
    // given
    offsets.report("g", "T", 0, 1);
    offsets.report("g", "T", 0, 2);
    offsets.report("g", "T", 1, 5);
    offsets.report("h", "U", 0, 9);

    // when
    offsets.onTick(log.at(1_000));

    // then
    assertThat(log.records()).hasSize(1);
    ConsumerOffsets after = replayed();
    assertThat(after.all("g", "T")).isEqualTo(Map.of(0, 2L, 1, 5L));
    assertThat(after.find("h", "U", 0)).isEqualTo(9);
  }

  @Test
  void shouldWaitASecondBetweenRecordsAndWantNoTurnWhenNothingChanged() {
    // given
    offsets.report("g", "T", 0, 1);
    offsets.onTick(log.at(50_000));
    assertThat(offsets.nextMillis()).isEqualTo(Long.MAX_VALUE);

    // when
    offsets.report("g", "T", 0, 2);

    // then
    assertThat(offsets.nextMillis()).isEqualTo(51_000);
  }

  @Test
  void shouldNotRecordAnUnchangedReport() {
    // given
    offsets.report("g", "T", 0, 1);
    offsets.onTick(log);

    // when
    offsets.report("g", "T", 0, 1);
    offsets.onTick(log);

    // then
    assertThat(log.records()).hasSize(1);
  }

  @Test
  void shouldKeepNewerReportWhenAnOlderOneIsApplied() {
    // given
    offsets.report("g", "T", 0, 5);
    FakeRecorder reportingMeanwhile = new FakeRecorder(record -> {
      offsets.report("g", "T", 0, 6);
      apply(offsets, record);
    });

    // when
    offsets.onTick(reportingMeanwhile);
    offsets.onTick(reportingMeanwhile);

    // then
    assertThat(offsets.find("g", "T", 0)).isEqualTo(6);
    assertThat(reportingMeanwhile.records()).hasSize(2);
  }

  @Test
  void shouldRecordABoundedPartATickAndSoManyASecond() {
    // given
    int queues = 100_000;
    for (int i = 0; i < queues; i++) {
      offsets.report("g", "T" + i, 0, 1);
    }

    // when
    long begun = 50_000;
    offsets.onTick(log.at(begun));
    int firstTick = lines(log.records());
    long next = offsets.nextMillis();
    for (long now = next; offsets.nextMillis() < begun + 1_000; now = offsets.nextMillis()) {
      offsets.onTick(log.at(now));
    }
    int firstSecond = log.records().size();
    while (offsets.nextMillis() < Long.MAX_VALUE) {
      offsets.onTick(log.at(offsets.nextMillis()));
    }

    // then
    assertThat(firstTick).isBetween(1, 3_000);
    assertThat(next).isEqualTo(begun + 5);
    assertThat(firstSecond).isEqualTo(32);
    assertThat(lines(log.records())).isEqualTo(queues);
  }

  private static int lines(List<FakeRecorder.Fact> records) {
    return records.stream()
        .mapToInt(record -> OffsetRecords.read(record.buffer()).size())
        .sum();
  }

  @Test
  void shouldTryAgainWhenThereWasNoRoom() {
    // given
    offsets.report("g", "T", 0, 1);
    assertThat(offsets.recordNow(log.full(true))).isFalse();
    assertThat(log.records()).isEmpty();

    // when
    boolean done = offsets.recordNow(log.full(false));

    // then
    assertThat(done).isTrue();
    assertThat(replayed().find("g", "T", 0)).isEqualTo(1);
  }

  @Test
  void shouldSplitVeryManyOffsetsIntoRecordsOfBoundedSize() {
    // given
    for (int queue = 0; queue < 20_000; queue++) {
      offsets.report("g", "T", queue, queue + 1);
    }

    // when
    boolean done = offsets.recordNow(log);

    // then
    assertThat(done).isTrue();
    assertThat(log.records()).hasSizeGreaterThan(3);
    assertThat(log.records()).allMatch(record -> record.payload().length < 64 * 1024);
    assertThat(replayed().all("g", "T")).hasSize(20_000).containsEntry(19_999, 20_000L);
  }

  @Test
  void shouldSendNextPullToResetOffsetOnceAndIgnoreReportsUntilThen() {
    // given
    offsets.report("g", "T", 0, 100);
    offsets.onTick(log);

    // when
    reset("g", "T", Map.of(0, 7L));
    offsets.report("g", "T", 0, 101);

    // then
    assertThat(offsets.find("g", "T", 0)).isEqualTo(7);
    assertThat(offsets.pulling("g", "T", 0, 0)).isEqualTo(7);
    assertThat(offsets.pulling("g", "T", 0, 0)).isEqualTo(ConsumerOffsets.NONE);
    offsets.report("g", "T", 0, 8);
    assertThat(offsets.find("g", "T", 0)).isEqualTo(8);
  }

  @Test
  void shouldWriteTheSameImageWhoeverHasPulledMeanwhile() throws IOException {
    // given
    reset("g", "T", Map.of(0, 5L));
    ByteArrayOutputStream before = new ByteArrayOutputStream();
    offsets.image().writeTo(new DataOutputStream(before));

    // when: a question, which no record tells of
    assertThat(offsets.pulling("g", "T", 0, 9)).isEqualTo(5);
    ByteArrayOutputStream after = new ByteArrayOutputStream();
    offsets.image().writeTo(new DataOutputStream(after));

    // then
    assertThat(after.toByteArray()).isEqualTo(before.toByteArray());
    assertThat(restoredFrom(offsets).pulling("g", "T", 0, 9))
        .as("as after a replay of all records")
        .isEqualTo(replayed().pulling("g", "T", 0, 9));
  }

  @Test
  void shouldKeepWaitingResetOverRestart() throws IOException {
    // given
    offsets.report("g", "T", 0, 100);
    reset("g", "T", Map.of(0, 7L));
    offsets.onTick(log);

    // then
    assertThat(replayed().pulling("g", "T", 0, 0)).isEqualTo(7);
    assertThat(restoredFrom(offsets).pulling("g", "T", 0, 0)).isEqualTo(7);
  }

  @Test
  void shouldForgetResetAtRestartOnceProgressWasRecordedAfterIt() throws IOException {
    // given
    reset("g", "T", Map.of(0, 7L));
    offsets.pulling("g", "T", 0, 0);
    offsets.report("g", "T", 0, 9);
    offsets.onTick(log);

    // then
    assertThat(replayed().pulling("g", "T", 0, 0)).isEqualTo(ConsumerOffsets.NONE);
    assertThat(replayed().find("g", "T", 0)).isEqualTo(9);
    assertThat(restoredFrom(offsets).pulling("g", "T", 0, 0)).isEqualTo(ConsumerOffsets.NONE);
  }

  @Test
  void shouldWriteOnlyRecordedOffsetsIntoImage() throws IOException {
    // given
    offsets.report("g", "T", 0, 1);
    offsets.onTick(log);
    offsets.report("g", "T", 0, 2);

    // when
    ConsumerOffsets restored = restoredFrom(offsets);

    // then
    assertThat(restored.find("g", "T", 0)).isEqualTo(1);
    offsets.recordNow(log);
    assertThat(restoredFrom(offsets).find("g", "T", 0)).isEqualTo(2);
    assertThat(restored.byTopicAtGroup()).isEqualTo(Map.of("T@g", Map.of(0, 1L)));
  }

  @Test
  void shouldDropOffsetsOfDeletedTopicsAndGroups() {
    // given
    offsets.report("g", "T", 0, 1);
    offsets.report("g", "U", 0, 1);
    offsets.report("h", "T", 0, 1);

    // when
    offsets.forgetTopic("T");
    log.record(RecordKind.GROUP_DELETED, 0, GroupRecords.deleted(0, "h", true));

    // then
    assertThat(offsets.groups()).containsExactly("g");
    assertThat(offsets.topicsOf("g")).containsExactly("U");
    assertThat(offsets.groupsOn("T")).isEmpty();
    assertThat(offsets.recordNow(log)).isTrue();
    assertThat(replayed().groupsOn("T")).isEmpty();
  }

  @Test
  void shouldKeepOffsetsOfDeletedGroupWhenTheOperatorSaysSo() {
    // given
    offsets.report("g", "T", 0, 1);

    // when
    log.record(RecordKind.GROUP_DELETED, 0, GroupRecords.deleted(0, "g", false));

    // then
    assertThat(offsets.find("g", "T", 0)).isEqualTo(1);
  }

  @Test
  void shouldKeepOffsetsUpToTheirMemoryAndNoMore() throws IOException {
    // given
    ConsumerOffsets small =
        new ConsumerOffsets(new MemoryShare("offsets", 3 * Progress.PLACE_BYTES));
    small.report("g", "T", 0, 1);
    small.report("g", "T", 1, 1);
    small.report("h", "U", 0, 1);

    // when
    small.report("g", "T", 2, 1);
    small.report("new", "T", 0, 1);
    small.report("g", "T", 0, 7);

    // then
    assertThat(small.refusal("g", "T", Set.of(0, 1))).isNull();
    assertThat(small.refusal("g", "T", Set.of(1, 2))).contains("" + 3 * Progress.PLACE_BYTES);
    assertThat(small.find("g", "T", 0)).as("one that is known").isEqualTo(7);
    assertThat(small.find("g", "T", 2)).isEqualTo(ConsumerOffsets.NONE);
    assertThat(small.groups()).as("nothing is left of one that was not kept").doesNotContain("new");

    // when
    small.forgetTopic("T");
    small.report("new", "V", 0, 1);
    small.report("new", "V", 1, 1);
    small.report("new", "V", 2, 1);

    // then
    assertThat(small.all("new", "V")).containsOnlyKeys(0, 1);

    // when
    small.applyGroupDeleted(ByteBuffer.wrap(GroupRecords.deleted(0, "new", true)));

    // then
    assertThat(small.refusal("g", "T", Set.of(0, 1))).isNull();
    assertThat(small.refusal("g", "T", Set.of(0, 1, 2))).isNotNull();
  }

  @Test
  void shouldCountWhatIsInTheLogAndRefuseNoneOfIt() throws IOException {
    // given
    MemoryShare memory = new MemoryShare("offsets", 2 * Progress.PLACE_BYTES);
    ConsumerOffsets small = new ConsumerOffsets(memory);
    reset("g", "T", Map.of(0, 1L, 1, 1L, 2, 1L));

    // when
    log.records().forEach(record -> apply(small, record));
    ConsumerOffsets restored = new ConsumerOffsets(memory);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    small.image().writeTo(new DataOutputStream(bytes));
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    // then
    assertThat(restored.all("g", "T")).hasSize(3);
    assertThat(memory.hasRoom(1)).isFalse();
    restored.forgetTopic("T");
    assertThat(memory.hasRoom(2 * Progress.PLACE_BYTES)).isTrue();
    assertThat(memory.hasRoom(2 * Progress.PLACE_BYTES + 1)).isFalse();
  }
}
