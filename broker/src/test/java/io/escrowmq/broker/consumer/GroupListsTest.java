package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.RefusedLists;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that changes many groups changes all of them or none. */
class GroupListsTest {

  private static final int MOST_ATTRIBUTES = 64;
  private static final int FULL_GROUPS = 6;

  /** What can be wrong with one member. */
  private enum Bad {
    NAME,
    RETRY_QUEUES,
    MANY_ATTRIBUTES,
    LONG_ATTRIBUTE,
    ATTRIBUTES_THAT_ADD_UP_WITH_THOSE_BEFORE
  }

  @AutoClose
  private final TestConsumers consumers = new TestConsumers();

  private FakeCall put(List<GroupConfig> groups) {
    String list = groups.stream()
        .map(group -> new String(group.toBytes(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(","));
    return consumers.ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST)
        .withBody("{\"groupConfigList\":[" + list + "]}"));
  }

  private void refuse(List<GroupConfig> groups, GroupConfig firstBad) {
    RefusedLists.check(
        consumers.broker, groups, group -> "group " + group.group(), firstBad, this::put);
  }

  private static GroupConfig group(String name, int retryQueues, Map<String, String> attributes) {
    return new GroupConfig(
        name, true, true, true, false, retryQueues, 16, 0, 1, true, 0, 15, attributes);
  }

  private static Map<String, String> attributes(int count, int characters) {
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put("+a" + i, "v".repeat(characters));
    }
    return attributes;
  }

  private static List<GroupConfig> large(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> group(prefix + i, 1, attributes(MOST_ATTRIBUTES, 1_000)))
        .toList();
  }

  private static GroupConfig bad(Bad kind, int place) {
    return switch (kind) {
      case NAME -> GroupConfig.of("no/path" + place);
      case RETRY_QUEUES -> group("bad" + place, -1 - place, Map.of());
      case MANY_ATTRIBUTES -> group("bad" + place, 1, attributes(MOST_ATTRIBUTES + 1, 1));
      case LONG_ATTRIBUTE -> group("bad" + place, 1, attributes(1, 1_024));
      case ATTRIBUTES_THAT_ADD_UP_WITH_THOSE_BEFORE -> group("full" + place, 1, Map.of("+b", "1"));
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void shouldChangeNothingWhenAnyMemberIsBad(int seed) {
    // given
    Random random = new Random(seed);
    List<GroupConfig> full = IntStream.range(0, FULL_GROUPS)
        .mapToObj(i -> group("full" + i, 1, attributes(MOST_ATTRIBUTES, 1)))
        .toList();
    assertThat(put(full).replyCode()).isEqualTo(ResponseCode.SUCCESS);
    List<GroupConfig> list = new ArrayList<>();
    GroupConfig firstBad = null;
    int bad = 1 + random.nextInt(3);
    for (int i = 0; i < bad; i++) {
      for (int good = random.nextInt(4); good > 0; good--) {
        list.add(group("g" + i + "-" + good, random.nextInt(9), attributes(random.nextInt(5), 9)));
      }
      GroupConfig member = bad(Bad.values()[random.nextInt(Bad.values().length)], i);
      list.add(member);
      firstBad = firstBad == null ? member : firstBad;
    }
    list.add(GroupConfig.of("last"));

    // when, then
    refuse(list, firstBad);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 20, 29})
  void shouldChangeNothingWhenTheSumIsTooMuchForTheMemoryOfGroups(int there) {
    // given: each would have room alone
    assertThat(put(large("there", there)).replyCode()).isEqualTo(ResponseCode.SUCCESS);

    // when, then
    refuse(large("g", 40), null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100_000, 300_000, 700_000, 1_500_000})
  void shouldChangeNothingWhenTheLogHasRoomForSomeOnly(int room) {
    // given
    put(List.of(GroupConfig.of("there")));
    consumers.broker.files.capacity(consumers.broker.files.usedBytes() + room);

    // when, then
    refuse(large("g", 29), null);
  }

  @Test
  void shouldJudgeAGroupThatIsThereTwiceOnWhatTheFirstMakesOfIt() {
    // given
    GroupConfig again = group("g", 1, Map.of("+b", "1"));

    // when
    FakeCall refused = put(List.of(group("g", 1, attributes(MOST_ATTRIBUTES, 1)), again));
    FakeCall taken = put(List.of(group("g", 1, attributes(MOST_ATTRIBUTES - 1, 1)), again));

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(refused.reply().remark()).contains("group g: ", "65 attributes", "none of the 2");
    assertThat(taken.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.broker.groups.find("g"))
        .isNotNull()
        .extracting(group -> group.attributes().size())
        .isEqualTo(MOST_ATTRIBUTES);
  }

  @Test
  void shouldTakeAThousandAtOnceAndNoMore() {
    // given
    List<GroupConfig> most =
        IntStream.range(0, 1_001).mapToObj(i -> GroupConfig.of("g" + i)).toList();

    // when
    FakeCall tooMany = put(most);
    FakeCall enough = put(most.subList(0, 1_000));

    // then
    assertThat(tooMany.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(tooMany.reply().remark()).contains("1001", "at most 1000");
    assertThat(enough.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.broker.groups.size()).isEqualTo(1_000);
  }
}
