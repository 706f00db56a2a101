package io.escrowmq.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRowsTest {

  private final TopicRows rows = new TopicRows();

  private static TopicRows.Row row(String name, long since) {
    return new TopicRows.Row(Topic.of(name, 1, Topic.READ), since);
  }

  /** Names as people give them: they differ in few letters, which hashes have to spread. */
  @ParameterizedTest
  @ValueSource(strings = {"topic-%d", "%%RETRY%%group-%d", "%06d-orders", "orders.%x.eu"})
  void shouldMoveFewOthersAtOnceHoweverManyThereAre(String pattern) {
    int most = TopicLimits.LARGEST;
    Map<Integer, Integer> inPart = new HashMap<>();

    for (int i = 0; i < most; i++) {
      inPart.merge(TopicRows.partOf(String.format(pattern, i)), 1, Integer::sum);
    }

    assertThat(inPart.values()).allSatisfy(size -> assertThat(size).isLessThan(most / 32));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldHoldWhatAMapHolds(long seed) {
    // given
    Random random = new Random(seed);
    Map<String, TopicRows.Row> expected = new HashMap<>();

    // when
    for (int i = 0; i < 5_000; i++) {
      String name = "t" + random.nextInt(500);
      if (random.nextInt(3) == 0) {
        rows.remove(name);
        expected.remove(name);
      } else {
        rows.put(row(name, i));
        expected.put(name, row(name, i));
      }
      assertThat(rows.get(name)).isEqualTo(expected.get(name));
      assertThat(rows.has(name)).isEqualTo(expected.containsKey(name));
      assertThat(rows.size()).isEqualTo(expected.size());
    }

    // then
    List<String> names = new ArrayList<>();
    rows.names().forEachRemaining(names::add);
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected.keySet());
    assertThat(rows.topics()).hasSameSizeAs(names);
  }

  @Test
  void shouldBeEmptyWhenItWasCleared() {
    rows.put(row("a", 1));

    rows.clear();

    assertThat(rows.size()).isZero();
    assertThat(rows.get("a")).isNull();
    assertThat(rows.names()).isExhausted();
  }
}
