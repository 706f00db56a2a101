package io.escrowmq.broker.admin;

import static io.escrowmq.broker.admin.TestAdmin.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.body.TopicStats;
import io.escrowmq.remoting.body.TopicTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRequestsTest {

  @AutoClose
  private final TestAdmin admin = new TestAdmin();

  private FakeCall put(String topic, int read, int write, int perm, String attributes) {
    return admin.ask(
        RequestCode.UPDATE_AND_CREATE_TOPIC,
        "topic",
        topic,
        "defaultTopic",
        "TBW102",
        "readQueueNums",
        Integer.toString(read),
        "writeQueueNums",
        Integer.toString(write),
        "perm",
        Integer.toString(perm),
        "topicFilterType",
        "MULTI_TAG",
        "order",
        "true",
        "attributes",
        attributes);
  }

  @Test
  void shouldCreateTopicAndShowIt() {
    // when
    FakeCall call = put("T", 8, 4, 6, "+message.type=FIFO");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    FakeCall shown = admin.ask(RequestCode.GET_TOPIC_CONFIG, "topic", "T", "lo", "true");
    assertThat(TopicConfig.read(bytes(shown)))
        .isEqualTo(new TopicConfig("T", 8, 4, 6, true, 0, true, Map.of("message.type", "FIFO")));
    assertThat(admin.topicsChanged).isEqualTo(1);
  }

  @Test
  void shouldChangeTopicAndItsAttributes() {
    // given
    put("T", 8, 8, 6, "+a=1,+b=2");

    // when
    put("T", 4, 4, 4, "-a,+c=3");

    // then
    Topic topic = admin.broker.topics.find("T");
    assertThat(topic).isEqualTo(new Topic("T", 4, 4, 4, true, 0, true, Map.of("b", "2", "c", "3")));
  }

  @Test
  void shouldRecordNothingWhenTopicIsAsItShouldBe() {
    // given
    put("T", 8, 8, 6, "");
    long end = admin.broker.log.end();

    // when
    FakeCall call = put("T", 8, 8, 6, "");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.broker.log.end()).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({
    "no/path, 8, 6, '', INVALID_PARAMETER, no/path",
    "TBW102, 8, 6, '', INVALID_PARAMETER, TBW102",
    "T, 65536, 6, '', SYSTEM_ERROR, 65535",
    "T, -1, 6, '', SYSTEM_ERROR, -1",
    "T, 8, 9, '', SYSTEM_ERROR, perm 9",
    "T, 8, 6, what, SYSTEM_ERROR, what",
  })
  void shouldRefuseWhatIsWrongAndNameIt(
      String topic, int queues, int perm, String attributes, ResponseCode code, String named) {
    // given
    Collection<Topic> before = List.copyOf(admin.broker.topics.all());

    // when
    FakeCall call = put(topic, queues, queues, perm, attributes);

    // then
    assertThat(call.replyCode()).isEqualTo(code);
    assertThat(call.reply().remark()).contains(named);
    assertThat(admin.broker.topics.all()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void shouldCreateTopicsOfAList() {
    // when
    FakeCall call = admin.ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST)
        .withBody("{\"topicConfigList\":[{\"topicName\":\"A\",\"readQueueNums\":2,"
            + "\"writeQueueNums\":2,\"attributes\":{\"+message.type\":\"DELAY\"}},"
            + "{\"topicName\":\"B\",\"perm\":4}]}"));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.broker.topics.find("A"))
        .isEqualTo(new Topic("A", 2, 2, 6, false, 0, false, Map.of("message.type", "DELAY")));
    assertThat(admin.broker.topics.find("B")).isEqualTo(Topic.of("B", 16, 4));
  }

  @Test
  void shouldCreateNoTopicOfAListWithABadName() {
    // given
    Collection<Topic> before = List.copyOf(admin.broker.topics.all());

    // when
    FakeCall call = admin.ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST)
        .withBody("{\"topicConfigList\":[{\"topicName\":\"A\"},{\"topicName\":\"../B\"}]}"));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(call.reply().remark()).contains("../B");
    assertThat(admin.broker.topics.all()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void shouldRefuseBodyThatIsNoJson() {
    // when
    FakeCall call =
        admin.ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST).withBody("[[[["));

    // then
    assertThat(call.replyCode()).isNotEqualTo(ResponseCode.SUCCESS);
    assertThat(call.reply().remark()).isNotBlank();
  }

  @Test
  void shouldDeleteTopicButNoneOfTheBrokers() {
    // given
    admin.broker.createTopic("T", 1);

    // then
    assertThat(admin.ask(RequestCode.DELETE_TOPIC_IN_BROKER, "topic", "T").replyCode())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.broker.topics.find("T")).isNull();
    assertThat(admin
            .ask(RequestCode.DELETE_TOPIC_IN_BROKER, "topic", "SELF_TEST_TOPIC")
            .replyCode())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(admin.ask(RequestCode.DELETE_TOPIC_IN_BROKER, "topic", " ").replyCode())
        .isEqualTo(ResponseCode.INVALID_PARAMETER);
  }

  @Test
  void shouldForgetQueuesAndOffsetsWithADeletedTopic() {
    // given
    admin.broker.createTopic("T", 1);
    admin.broker.send("T", 0, "a", "", 0);
    admin.broker.offsets.report("group", "T", 0, 1);
    admin.pass(Duration.ofSeconds(2));

    // when
    admin.ask(RequestCode.DELETE_TOPIC_IN_BROKER, "topic", "T");
    admin.broker.createTopic("T", 1);

    // then
    assertThat(admin.broker.queues.find("T", 0)).isNull();
    assertThat(admin.broker.offsets.find("group", "T", 0)).isEqualTo(ConsumerOffsets.NONE);
  }

  @Test
  void shouldTellWhereQueuesStand() {
    // given
    admin.broker.createTopic("T", 2);
    admin.broker.send("T", 1, "a", "", 0);
    admin.broker.clock.advance(1000);
    long time = admin.broker.clock.millis();
    admin.broker.send("T", 1, "b", "", 0);
    admin.traffic.stored("T", 2, 200);
    admin.pass(Duration.ofSeconds(20));

    // when
    FakeCall call = admin.ask(RequestCode.GET_TOPIC_STATS_INFO, "topic", "T");

    // then
    TopicStats stats = TopicStats.read(bytes(call));
    assertThat(stats.queues())
        .isEqualTo(Map.of(
            new MessageQueue("T", "broker-a", 0),
            new TopicStats.QueueRange(0, 0, 0),
            new MessageQueue("T", "broker-a", 1),
            new TopicStats.QueueRange(0, 2, time)));
    assertThat(stats.putTps()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"GET_TOPIC_STATS_INFO", "GET_TOPIC_CONFIG"})
  void shouldTellThatTopicDoesNotExist(RequestCode code) {
    // when
    FakeCall call = admin.ask(code, "topic", "missing");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(call.reply().remark()).contains("missing");
  }

  @Test
  void shouldListAllTopics() {
    // given
    int builtIn = admin.broker.topics.all().size();
    put("T", 8, 8, 6, "+k=v");
    admin.broker.createTopic("U", 1);

    // when
    FakeCall call = admin.ask(RequestCode.GET_ALL_TOPIC_CONFIG);

    // then
    TopicTable table = TopicTable.read(bytes(call));
    assertThat(table.topics()).hasSize(builtIn + 2).containsKeys("T", "U", "SELF_TEST_TOPIC");
    assertThat(table.topics().get("T").attributes()).isEqualTo(Map.of("k", "v"));
    assertThat(table.version().counter()).isEqualTo(2);
    assertThat(call.replyFields()).containsEntry("totalTopicNum", Integer.toString(builtIn + 2));
  }

  @Test
  void shouldListReservedNames() {
    // when
    FakeCall call = admin.ask(RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER);

    // then
    TopicList list = TopicList.read(bytes(call));
    assertThat(list.topics()).contains("TBW102", "SELF_TEST_TOPIC", "RMQ_SYS_TRANS_HALF_TOPIC");
    assertThat(list.brokerAddress()).isEqualTo("127.0.0.1:10911");
  }

  @Test
  void shouldHaveNothingToCleanOfDeletedTopics() {
    assertThat(admin.ask(RequestCode.CLEAN_UNUSED_TOPIC).replyCode())
        .isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldAnswerAllTopicsInPages() {
    // given
    for (int i = 0; i < 25; i++) {
      put("T" + i, 4, 4, 6, "");
    }
    Map<String, TopicConfig> all = topics(page(0, 0, "")).topics();

    // when: as RocketMQ 5.5 asks
    Map<String, TopicConfig> collected = new LinkedHashMap<>();
    String version = "";
    int pages = 0;
    int total;
    do {
      FakeCall page = page(collected.size(), 10, version);
      TopicTable table = topics(page);
      version = new String(table.version().toBytes(), StandardCharsets.UTF_8);
      total = Integer.parseInt(page.replyFields().get("totalTopicNum"));
      assertThat(table.topics()).hasSizeBetween(1, 10);
      collected.putAll(table.topics());
      pages++;
    } while (collected.size() < total);

    // then
    assertThat(collected).isEqualTo(all);
    assertThat(pages).isEqualTo((all.size() + 9) / 10);
  }

  @Test
  void shouldEndAPageBeforeItIsTooLargeForAnAnswer() {
    // given
    String attribute = "+a=" + "ä".repeat(8_000);
    for (int i = 0; i < 1_200; i++) {
      put("T" + i, 1, 1, 6, attribute);
    }

    // when
    FakeCall page =
        admin.ask(RequestCode.GET_ALL_TOPIC_CONFIG, "topicSeq", "0", "maxTopicNum", "10000");
    FakeCall all = admin.ask(RequestCode.GET_ALL_TOPIC_CONFIG);

    // then
    assertThat(bytes(page).length).isBetween(15 << 20, 16 << 20);
    assertThat(TopicTable.read(bytes(page)).topics()).hasSizeBetween(900, 1_100);
    assertThat(all.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(all.reply().remark()).contains("ask in pages");
  }

  @Test
  void shouldBeginAnewForWhoeverSawAnotherVersion() {
    // given
    put("T1", 4, 4, 6, "");
    String version = new String(topics(page(0, 2, "")).version().toBytes(), StandardCharsets.UTF_8);
    List<String> first = List.copyOf(topics(page(0, 2, "")).topics().keySet());
    List<String> second = List.copyOf(topics(page(2, 2, version)).topics().keySet());

    // when
    put("A0", 4, 4, 6, "");

    // then
    assertThat(second).doesNotContainAnyElementsOf(first);
    assertThat(topics(page(2, 2, version)).topics()).containsKey("A0");
    assertThat(topics(page(2, 2, "nonsense")).topics()).containsKey("A0");
    assertThat(topics(page(1_000, 2, "")).topics()).containsKey("A0");
  }

  private FakeCall page(int from, int most, String version) {
    return admin.ask(
        RequestCode.GET_ALL_TOPIC_CONFIG,
        "topicSeq",
        Integer.toString(from),
        "maxTopicNum",
        Integer.toString(most),
        "dataVersion",
        version);
  }

  private static TopicTable topics(FakeCall call) {
    return TopicTable.read(bytes(call));
  }
}
