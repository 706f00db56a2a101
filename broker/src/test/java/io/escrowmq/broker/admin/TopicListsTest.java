package io.escrowmq.broker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.RefusedLists;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that changes many topics changes all of them or none. */
class TopicListsTest {

  private static final int MOST_CHARACTERS = 8 * 1024; // of a topic's attributes

  /** What can be wrong with one member. */
  private enum Bad {
    NAME,
    OF_THE_BROKER,
    QUEUES,
    PERMISSION,
    ATTRIBUTES_THAT_ADD_UP_WITH_THOSE_BEFORE
  }

  @AutoClose
  private final TestAdmin admin = new TestAdmin();

  private FakeCall put(List<TopicConfig> topics) {
    return admin.ask(change(topics));
  }

  private static FakeCall change(List<TopicConfig> topics) {
    String list = topics.stream()
        .map(topic -> new String(topic.toBytes(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(","));
    return new FakeCall(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST)
        .withBody("{\"topicConfigList\":[" + list + "]}");
  }

  private void refuse(List<TopicConfig> topics, TopicConfig firstBad) {
    RefusedLists.check(
        admin.broker, topics, topic -> "topic " + topic.topic(), firstBad, this::put);
  }

  private static TopicConfig topic(String name, int queues, Map<String, String> attributes) {
    return new TopicConfig(name, queues, queues, 6, false, 0, false, attributes);
  }

  private static TopicConfig bad(Bad kind, int place) {
    return switch (kind) {
      case NAME -> topic("no/path" + place, 1, Map.of());
      case OF_THE_BROKER -> topic(place == 0 ? "TBW102" : "bad" + place, -1, Map.of());
      case QUEUES -> topic("bad" + place, 65_536 + place, Map.of());
      case PERMISSION -> new TopicConfig("bad" + place, 1, 1, 9 + place, false, 0, false, Map.of());
      case ATTRIBUTES_THAT_ADD_UP_WITH_THOSE_BEFORE -> topic("full" + place, 1, Map.of("+b", "1"));
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void shouldChangeNothingWhenAnyMemberIsBad(int seed) {
    // given
    Random random = new Random(seed);
    List<TopicConfig> full = IntStream.range(0, 3)
        .mapToObj(i -> topic("full" + i, 1, Map.of("+a", "v".repeat(MOST_CHARACTERS - 1))))
        .toList();
    assertThat(put(full).replyCode()).isEqualTo(ResponseCode.SUCCESS);
    List<TopicConfig> list = new ArrayList<>();
    TopicConfig firstBad = null;
    int bad = 1 + random.nextInt(3);
    for (int i = 0; i < bad; i++) {
      for (int good = random.nextInt(4); good > 0; good--) {
        list.add(topic("T" + i + "-" + good, random.nextInt(9), Map.of("+a", "1")));
      }
      TopicConfig member = bad(Bad.values()[random.nextInt(Bad.values().length)], i);
      list.add(member);
      firstBad = firstBad == null ? member : firstBad;
    }
    list.add(topic("last", 1, Map.of()));

    // when, then
    refuse(list, firstBad);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldChangeNothingWhenTheSumIsTooMuchForTheMemoryOfTopics(int there) {
    // given: each would have room alone
    for (int i = 0; i < there; i++) {
      assertThat(put(List.of(topic("there" + i, 60_000, Map.of()))).replyCode())
          .isEqualTo(ResponseCode.SUCCESS);
    }

    // when, then
    refuse(IntStream.range(0, 5).mapToObj(i -> topic("T" + i, 60_000, Map.of())).toList(), null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100_000, 300_000, 700_000, 1_500_000})
  void shouldChangeNothingWhenTheLogHasRoomForSomeOnly(int room) {
    // given
    admin.broker.createTopic("there", 1);
    admin.broker.files.capacity(admin.broker.files.usedBytes() + room);
    Map<String, String> attributes = Map.of("+a", "v".repeat(8_000));

    // when, then
    refuse(IntStream.range(0, 400).mapToObj(i -> topic("T" + i, 1, attributes)).toList(), null);
  }

  @Test
  void shouldKeepTheAttributesOfChangesThatWaitTogether() {
    // given
    admin.broker.createTopic("T", 1);

    // when
    for (String attribute : List.of("+a", "+b")) {
      admin.table.dispatch(change(List.of(topic("T", 1, Map.of(attribute, "1")))));
    }
    admin.broker.settle();

    // then
    assertThat(admin.broker.topics.find("T"))
        .isNotNull()
        .extracting(Topic::attributes)
        .isEqualTo(Map.of("a", "1", "b", "1"));
  }
}
