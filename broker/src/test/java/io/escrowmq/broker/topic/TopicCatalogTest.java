package io.escrowmq.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.store.RecordKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TopicCatalogTest {

  private static final Topic FULL =
      new Topic("T", 8, 4, 6, true, 3, true, Map.of("message.type", "FIFO"));

  @AutoClose
  private final TestLog broker = new TestLog();

  private void record(Topic topic) {
    broker.rule(recorder ->
        recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(recorder.nowMillis(), topic)));
  }

  @Test
  void shouldKnowWhatWasRecorded() {
    // when
    record(FULL);

    // then
    assertThat(broker.topics.find("T")).isEqualTo(FULL);
    assertThat(broker.topics.all()).contains(FULL);
    assertThat(broker.topics.version()).isEqualTo(new TopicVersion(broker.clock.millis(), 1));
  }

  @Test
  void shouldForgetWhatWasDeletedUnderANewVersion() {
    // given
    record(FULL);
    broker.clock.advance(5);

    // when
    broker.rule(recorder -> recorder.record(
        RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), "T")));

    // then
    assertThat(broker.topics.find("T")).isNull();
    assertThat(broker.topics.version()).isEqualTo(new TopicVersion(broker.clock.millis(), 2));
  }

  @Test
  void shouldBeTheSameAfterARestart() throws IOException {
    // given
    record(FULL);
    record(Topic.of("%RETRY%g", 1, 6));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    // when
    broker.topics.image().writeTo(new DataOutputStream(bytes));
    TopicCatalog restored = new TopicCatalog(SystemTopics.of("Cluster", "broker-a", false, 4));
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    // then
    assertThat(restored.all()).containsExactlyInAnyOrderElementsOf(broker.topics.all());
    assertThat(restored.version()).isEqualTo(broker.topics.version());
  }

  @Test
  void shouldPreferWhatWasRecordedToWhatTheSettingsBring() throws IOException {
    // given
    record(FULL);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    broker.topics.image().writeTo(new DataOutputStream(bytes));
    TopicCatalog catalog =
        new TopicCatalog(List.of(Topic.of("T", 1, 6), Topic.of("SELF_TEST_TOPIC", 1, 6)));

    // when
    catalog.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    // then
    assertThat(catalog.find("T")).isEqualTo(FULL);
    assertThat(catalog.all()).containsExactlyInAnyOrder(FULL, Topic.of("SELF_TEST_TOPIC", 1, 6));
    assertThat(catalog.isBuiltIn("SELF_TEST_TOPIC")).isTrue();
    assertThat(catalog.builtIn()).containsExactlyInAnyOrder("T", "SELF_TEST_TOPIC");
  }

  @Test
  void shouldRefuseToCreateQueuesThatNoNameServerWouldTake() {
    assertThatThrownBy(() -> Topic.of("T", 65_536, 6).checked())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536")
        .hasMessageContaining("65535");
  }

  @Test
  void shouldSayWhetherThereIsRoomAtTheLimitsAndBeyond() {
    // given: one of its own
    TopicCatalog small =
        new TopicCatalog(List.of(Topic.of("own", 1, Topic.READ)), new TopicLimits(2, 3));

    // then
    assertThat(small.size()).isEqualTo(1);
    assertThat(small.hasRoomByUse()).isTrue();
    assertThat(new TopicCatalog(List.of(), new TopicLimits(1, 1)).hasRoomByUse())
        .isTrue();
    TopicCatalog full =
        new TopicCatalog(List.of(Topic.of("a", 1, 6), Topic.of("b", 1, 6)), new TopicLimits(2, 3));
    assertThat(full.hasRoomByUse()).isFalse();
    assertThat(full.hasRoom()).isTrue();
    assertThat(full.refusalByUse("T")).contains("T", "2 topics", "at most 2", "updateTopic");
  }

  @Test
  void shouldRefuseLimitsThatMakeNoSense() {
    assertThatThrownBy(() -> new TopicLimits(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TopicLimits(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TopicLimits(1, 200_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("200000");
    assertThat(new TopicLimits(200_000, 200_000).most()).isEqualTo(200_000);
  }

  @Test
  void shouldSayWhetherThereIsMemoryForATopicAtTheLimitAndBeyond() throws IOException {
    // given
    Topic most = new Topic("T", 1, 2, 6, false, 0, false, Map.of("key", "value"));
    MemoryShare memory = new MemoryShare("topics", most.bytes());
    TopicCatalog small = new TopicCatalog(List.of(), TopicLimits.DEFAULT, memory, () -> {});

    // then
    assertThat(small.memoryRefusal(most)).isNull();
    assertThat(
            small.memoryRefusal(new Topic("T", 1, 2, 6, false, 0, false, Map.of("key", "value1"))))
        .contains("topics", "memory");
    assertThat(
            small.memoryRefusal(new Topic("T", 1, 3, 6, false, 0, false, Map.of("key", "value"))))
        .isNotNull();
  }

  @Test
  void shouldCountTheMemoryOfTopicsThatComeChangeAndGo() throws IOException {
    // given
    record(FULL);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    broker.topics.image().writeTo(new DataOutputStream(bytes));
    MemoryShare memory = new MemoryShare("topics", FULL.bytes());
    TopicCatalog restored = new TopicCatalog(List.of(), TopicLimits.DEFAULT, memory, () -> {});

    // when
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    // then
    assertThat(memory.hasRoom(1)).isFalse();
    assertThat(restored.memoryRefusal(FULL)).as("the same again").isNull();
    assertThat(restored.memoryRefusal(Topic.of("U", 1, 6))).isNotNull();
  }
}
