package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.GroupTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.AllGroupConfigHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupHandlerTest {

  private final TestConsumers consumers = new TestConsumers();

  @AfterEach
  void close() {
    consumers.close();
  }

  private static byte[] bytes(FakeCall call) {
    return call.replyBody().getBytes(StandardCharsets.UTF_8);
  }

  private FakeCall put(GroupConfig config) {
    return consumers.ask(
        new FakeCall(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP).withBody(config.toBytes()));
  }

  private static GroupConfig unusual(Map<String, String> attributes) {
    return new GroupConfig("g", false, false, false, true, 2, 3, 4, 5, false, 6, 7, attributes);
  }

  @Test
  void shouldTellGroupAsItWasPut() {
    // given
    FakeCall put = put(unusual(Map.of("+a", "1", "b", "2")));

    // when
    FakeCall one =
        consumers.ask(new FakeCall(RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG).with("group", "g"));

    // then
    assertThat(put.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(GroupConfig.read(bytes(one))).isEqualTo(unusual(Map.of("a", "1", "b", "2")));
  }

  @Test
  void shouldTakeAttributesAway() {
    // given
    put(unusual(Map.of("a", "1", "b", "2")));

    // when
    put(unusual(Map.of("-a", "")));

    // then
    assertThat(consumers.broker.groups.find("g"))
        .isNotNull()
        .extracting(Group::attributes)
        .isEqualTo(Map.of("b", "2"));
  }

  @Test
  void shouldBoundAttributesThatAddUpOverRequests() {
    // given
    for (int i = 0; i < 64; i++) {
      assertThat(put(unusual(Map.of("+a" + i, "1"))).replyCode()).isEqualTo(ResponseCode.SUCCESS);
    }

    // when
    FakeCall oneMore = put(unusual(Map.of("+b", "1")));

    // then
    assertThat(oneMore.replyCode()).isNotEqualTo(ResponseCode.SUCCESS);
    assertThat(oneMore.reply().remark()).contains("65 attributes", "at most 64");
    assertThat(consumers.broker.groups.find("g"))
        .isNotNull()
        .extracting(group -> group.attributes().size())
        .isEqualTo(64);
  }

  @Test
  void shouldPutSeveralGroupsOrNone() {
    // given
    String good = new String(GroupConfig.of("g1").toBytes(), StandardCharsets.UTF_8);
    String bad = new String(GroupConfig.of("no/path").toBytes(), StandardCharsets.UTF_8);

    // when
    FakeCall refused =
        consumers.ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST)
            .withBody("{\"groupConfigList\":[" + good + "," + bad + "]}"));
    FakeCall taken =
        consumers.ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST)
            .withBody("{\"groupConfigList\":[" + good.replace("g1", "g2") + "]}"));

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(refused.reply().remark()).contains("no/path");
    assertThat(taken.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.broker.groups.find("g1")).isNull();
    assertThat(consumers.broker.groups.find("g2")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"-1", "65537"})
  void shouldRefuseRetryQueuesOutOfRange(int queues) {
    // when
    FakeCall call =
        put(new GroupConfig("g", true, true, true, false, queues, 16, 0, 1, true, 0, 15, Map.of()));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(call.reply().remark()).contains(Integer.toString(queues)).contains("65535");
  }

  @Test
  void shouldListAllGroupsWithTheSystemsOwn() {
    // given
    consumers.createGroup("g");

    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG));

    // then
    GroupTable table = GroupTable.read(bytes(call));
    assertThat(table.groups()).containsKeys("g", "TOOLS_CONSUMER");
    assertThat(table.version().counter()).isEqualTo(1);
    assertThat(call.replyFields())
        .containsEntry("totalGroupNum", Integer.toString(table.groups().size()));
  }

  @Test
  void shouldListGroupsInPages() {
    // given
    for (int i = 0; i < 25; i++) {
      consumers.createGroup("g" + i);
    }
    Map<String, GroupConfig> all = table(page(0, 0, "")).groups();

    // when: as RocketMQ 5.5 asks
    Map<String, GroupConfig> collected = new LinkedHashMap<>();
    String version = "";
    int total;
    do {
      FakeCall page = page(collected.size(), 10, version);
      version = new String(table(page).version().toBytes(), StandardCharsets.UTF_8);
      total = Integer.parseInt(page.replyFields().get("totalGroupNum"));
      assertThat(table(page).groups()).hasSizeBetween(1, 10);
      collected.putAll(table(page).groups());
    } while (collected.size() < total);

    // then
    assertThat(collected).isEqualTo(all);
  }

  @Test
  void shouldTellWhereToGoWhenAllGroupsAreTooManyForAnAnswer() {
    // given: 48 KB of attributes each, as JSON
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < 24; i++) {
      attributes.put("a" + i, "ä".repeat(1_000));
    }
    GroupCatalog many = new GroupCatalog(HeapBudget.unbounded());
    for (int i = 0; i < 400; i++) {
      Group group = new Group(
          "g" + i, true, true, true, false, 1, 16, 0, 1, true, 0, 15, attributes, Set.of());
      many.applyChanged(ByteBuffer.wrap(GroupRecords.changed(1, group)));
    }
    GroupQueryHandler queries = new GroupQueryHandler(new GroupQueries(
        many, new GroupCreation(many, consumers.broker.topics, true), consumers.broker.loop));
    FakeCall all = new FakeCall(RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG);
    FakeCall page = new FakeCall(RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG);

    // when
    queries.all(all, new AllGroupConfigHeader(0, "", 0));
    queries.all(page, new AllGroupConfigHeader(0, "", 400));

    // then
    assertThat(all.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(all.reply().remark()).contains("ask in pages");
    assertThat(table(page).groups().size()).isBetween(300, 399);
    assertThat(bytes(page).length).isBetween(14 << 20, 16 << 20);
  }

  private FakeCall page(int from, int most, String version) {
    return consumers.ask(new FakeCall(RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG)
        .with("groupSeq", Integer.toString(from))
        .with("maxGroupNum", Integer.toString(most))
        .with("dataVersion", version));
  }

  private static GroupTable table(FakeCall call) {
    return GroupTable.read(bytes(call));
  }

  @ParameterizedTest
  @CsvSource({"true, -1", "false, 5"})
  void shouldDeleteGroupAndItsOffsetsWhenTold(boolean clean, long offsetAfter) {
    // given
    consumers.createGroup("g");
    consumers.broker.offsets.report("g", "T", 0, 5);

    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.DELETE_SUBSCRIPTIONGROUP)
        .with("groupName", "g")
        .with("cleanOffset", clean));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.broker.groups.find("g")).isNull();
    assertThat(consumers.broker.offsets.find("g", "T", 0)).isEqualTo(offsetAfter);
  }

  @Test
  void shouldCreateGroupThatIsAskedFor() {
    // when
    FakeCall call =
        consumers.ask(new FakeCall(RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG).with("group", "new"));

    // then
    assertThat(GroupConfig.read(bytes(call))).isEqualTo(GroupConfig.of("new"));
    assertThat(consumers.broker.groups.find("new")).isNotNull();
  }

  @Test
  void shouldForbidTopicToGroupAndAllowItAgain() {
    // given
    consumers.createGroup("g");
    consumers.broker.createTopic("T", 1);
    FakeCall forbid = new FakeCall(RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN)
        .with("group", "g")
        .with("topic", "T")
        .with("readable", false);

    // when
    consumers.ask(forbid);
    Group forbidden = consumers.broker.groups.find("g");
    consumers.ask(new FakeCall(RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN)
        .with("group", "g")
        .with("topic", "T")
        .with("readable", true));

    // then
    assertThat(forbid.replyBody()).contains("\"readable\":false");
    assertThat(forbidden).isNotNull();
    assertThat(forbidden.mayRead("T")).isFalse();
    assertThat(consumers.broker.groups.find("g")).isEqualTo(Group.withDefaults("g"));
  }
}
