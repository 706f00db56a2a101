package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.FieldLimit;
import io.escrowmq.store.RecordKind;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public final class TopicRecordLimitsTest {

  /** What {@code RecordLimitsTest} counts, too. */
  public static Stream<FieldLimit<?>> limits() {
    return Stream.of(
        topic("name", length -> topic("a".repeat(length), Map.of()), Topic::name),
        topic(
            "attribute's name",
            length -> topic("t", Map.of("a".repeat(length), "v")),
            Topic::attributes),
        topic(
            "attribute's value",
            length -> topic("t", Map.of("n", "a".repeat(length))),
            Topic::attributes),
        new FieldLimit<String>(
            RecordKind.TOPIC_DELETED,
            "name",
            65_535,
            "a"::repeat,
            name -> TopicRecords.deleted(1_000, name),
            TopicRecords::nameOfDeleted,
            name -> name));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void shouldRefuseByNameWhatDoesNotFitItsPlace(FieldLimit<?> limit) {
    limit.check();
  }

  private static FieldLimit<Topic> topic(
      String field, IntFunction<Topic> of, Function<Topic, Object> value) {
    return new FieldLimit<>(
        RecordKind.TOPIC,
        field,
        65_535,
        of,
        topic -> TopicRecords.changed(1_000, topic),
        bytes -> TopicRecords.readChanged(bytes).what(),
        value);
  }

  private static Topic topic(String name, Map<String, String> attributes) {
    return new Topic(name, 4, 4, Topic.READ, false, 0, false, attributes);
  }
}
