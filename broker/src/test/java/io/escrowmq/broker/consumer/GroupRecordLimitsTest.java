package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.FieldLimit;
import io.escrowmq.store.RecordKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public final class GroupRecordLimitsTest {

  private static final int MOST = 65_535;

  /** What {@code RecordLimitsTest} counts, too. */
  public static Stream<FieldLimit<?>> limits() {
    return Stream.of(
        group("name", length -> group("a".repeat(length), Map.of(), Set.of()), Group::name),
        group(
            "attribute's name",
            length -> group("g", Map.of("a".repeat(length), "v"), Set.of()),
            Group::attributes),
        group(
            "attribute's value",
            length -> group("g", Map.of("n", "a".repeat(length)), Set.of()),
            Group::attributes),
        group(
            "unreadable topic",
            length -> group("g", Map.of(), Set.of("a".repeat(length))),
            Group::unreadableTopics),
        new FieldLimit<String>(
            RecordKind.GROUP_DELETED,
            "name",
            MOST,
            "a"::repeat,
            name -> GroupRecords.deleted(1_000, name, true),
            bytes -> GroupRecords.readDeleted(bytes).group(),
            name -> name),
        offsets("group", length -> line("a".repeat(length), "t"), OffsetRecords.Line::group),
        offsets("topic", length -> line("g", "a".repeat(length)), OffsetRecords.Line::topic));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void shouldRefuseByNameWhatDoesNotFitItsPlace(FieldLimit<?> limit) {
    limit.check();
  }

  private static FieldLimit<Group> group(
      String field, IntFunction<Group> of, Function<Group, Object> value) {
    return new FieldLimit<>(
        RecordKind.GROUP,
        field,
        MOST,
        of,
        group -> GroupRecords.changed(1_000, group),
        bytes -> GroupRecords.readChanged(bytes).group(),
        value);
  }

  private static FieldLimit<OffsetRecords.Line> offsets(
      String field,
      IntFunction<OffsetRecords.Line> of,
      Function<OffsetRecords.Line, Object> value) {
    return new FieldLimit<>(
        RecordKind.CONSUMER_OFFSETS,
        field,
        MOST,
        of,
        line -> OffsetRecords.write(List.of(line)),
        bytes -> OffsetRecords.read(bytes).get(0),
        value);
  }

  private static Group group(String name, Map<String, String> attributes, Set<String> unreadable) {
    return new Group(
        name, true, true, true, false, 1, 16, 0, 1, true, 0, 15, attributes, unreadable);
  }

  private static OffsetRecords.Line line(String group, String topic) {
    return new OffsetRecords.Line(group, topic, List.of(Map.entry(0, 7L)));
  }
}
