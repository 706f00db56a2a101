package io.escrowmq.remoting.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.Garbage;
import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/** Bodies as public clients and servers write them, byte for byte where the order is theirs. */
class BodiesTest {

  private static final MessageQueue QUEUE = new MessageQueue("TopicTest", "broker-a", 0);

  @Test
  void shouldWriteAndReadTheGoldenRoute() {
    // given
    String golden = "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"10.0.0.1:10911\"},"
        + "\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
        + "\"enableActingMaster\":false}],\"filterServerTable\":{},\"queueDatas\":[{"
        + "\"brokerName\":\"broker-a\",\"perm\":6,\"readQueueNums\":4,\"topicSysFlag\":0,"
        + "\"writeQueueNums\":4}]}";
    TopicRoute route = new TopicRoute(
        List.of(new TopicRoute.QueueEntry("broker-a", 4, 4, 6, 0)), List.of(brokerA()), null);

    // then
    assertThat(text(route)).isEqualTo(golden);
    assertThat(TopicRoute.read(utf8(golden))).isEqualTo(route);
    assertThat(TopicRoute.read(utf8(golden.replace("\"0\":", "0:")))).isEqualTo(route);
  }

  @Test
  void shouldWriteAndReadClusters() {
    // given
    String golden = "{\"brokerAddrTable\":{\"broker-a\":{\"brokerAddrs\":{\"0\":"
        + "\"10.0.0.1:10911\"},\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
        + "\"enableActingMaster\":false}},\"clusterAddrTable\":{\"DefaultCluster\":"
        + "[\"broker-a\"]}}";
    ClusterTable clusters = new ClusterTable(
        Map.of("broker-a", brokerA()), Map.of("DefaultCluster", List.of("broker-a")));

    // then
    assertThat(text(clusters)).isEqualTo(golden);
    assertThat(ClusterTable.read(utf8(golden))).isEqualTo(clusters);
  }

  @Test
  void shouldWriteAndReadTheGoldenHeartbeat() {
    // given
    String golden = "{\"clientID\":\"10.0.0.9@1#2\",\"consumerDataSet\":[{\"consumeFromWhere\":"
        + "\"CONSUME_FROM_LAST_OFFSET\",\"consumeType\":\"CONSUME_PASSIVELY\",\"groupName\":"
        + "\"cg\",\"messageModel\":\"CLUSTERING\",\"subscriptionDataSet\":[{"
        + "\"classFilterMode\":false,\"codeSet\":[97,98],\"expressionType\":\"TAG\","
        + "\"subString\":\"a || b\",\"subVersion\":1700000000000,\"tagsSet\":[\"a\",\"b\"],"
        + "\"topic\":\"T\"}],\"unitMode\":false}],\"heartbeatFingerprint\":0,"
        + "\"producerDataSet\":[{\"groupName\":\"pg\"}],\"withoutSub\":false}";

    // when
    Heartbeat heartbeat = Heartbeat.read(utf8(golden));

    // then
    assertThat(text(heartbeat)).isEqualTo(golden);
    assertThat(heartbeat.clientId()).isEqualTo("10.0.0.9@1#2");
    assertThat(heartbeat.producerGroups()).containsExactly("pg");
    Heartbeat.ConsumerEntry consumer = heartbeat.consumers().get(0);
    assertThat(consumer.group()).isEqualTo("cg");
    assertThat(consumer.subscriptions().get(0).tagCodes()).containsExactly(97, 98);
    assertThat(consumer.subscriptions().get(0).version()).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void shouldReadQueueLocksAndWriteWhatIsHeld() {
    // given
    String golden = "{\"clientId\":\"c\",\"consumerGroup\":\"g\",\"mqSet\":[{\"brokerName\":"
        + "\"broker-a\",\"queueId\":0,\"topic\":\"TopicTest\"}],\"onlyThisBroker\":false}";

    // then
    QueueLock lock = QueueLock.read(utf8(golden));
    assertThat(lock).isEqualTo(new QueueLock("g", "c", List.of(QUEUE), false));
    assertThat(text(lock)).isEqualTo(golden);
    LockedQueues locked = new LockedQueues(lock.queues());
    assertThat(text(locked))
        .isEqualTo("{\"lockOKMQSet\":[{\"brokerName\":\"broker-a\",\"queueId\":0,"
            + "\"topic\":\"TopicTest\"}]}");
    assertThat(LockedQueues.read(locked.toBytes())).isEqualTo(locked);
  }

  @Test
  void shouldWriteAndReadMapsWithQueuesAsNames() {
    // given
    TopicStats stats = new TopicStats(Map.of(QUEUE, new TopicStats.QueueRange(0, 5, 0)), 0);
    String golden = "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,"
        + "\"topic\":\"TopicTest\"}:{\"lastUpdateTimestamp\":0,\"maxOffset\":5,"
        + "\"minOffset\":0}},\"topicPutTps\":0.0}";

    // then
    assertThat(text(stats)).isEqualTo(golden);
    assertThat(TopicStats.read(utf8(golden))).isEqualTo(stats);
    assertThat(TopicStats.read(utf8(golden.replace(":", " : ").replace("{", " { "))))
        .isEqualTo(stats);

    ConsumeStats consumed =
        new ConsumeStats(0, Map.of(QUEUE, new ConsumeStats.QueueProgress(3, 0, 0, 0)));
    assertThat(text(consumed))
        .isEqualTo("{\"consumeTps\":0.0,\"offsetTable\":{{\"brokerName\":\"broker-a\","
            + "\"queueId\":0,\"topic\":\"TopicTest\"}:{\"brokerOffset\":3,\"consumerOffset\":0,"
            + "\"lastTimestamp\":0,\"pullOffset\":0}}}");
    assertThat(ConsumeStats.read(consumed.toBytes())).isEqualTo(consumed);

    MessageQueue second = new MessageQueue("TopicTest", "broker-a", 1);
    ResetOffsets reset = new ResetOffsets(Map.of(QUEUE, 7L, second, 8L));
    assertThat(ResetOffsets.read(reset.toBytes())).isEqualTo(reset);
    assertThat(new String(new ResetOffsets(Map.of(QUEUE, 7L)).toCppBytes(), UTF_8))
        .isEqualTo("{\"offsetTable\":[{\"brokerName\":\"broker-a\",\"offset\":7,\"queueId\":0,"
            + "\"topic\":\"TopicTest\"}]}");

    ConsumerStatus status =
        new ConsumerStatus(Map.of(QUEUE, 7L), Map.of("client", Map.of(second, 9L)));
    assertThat(ConsumerStatus.read(status.toBytes())).isEqualTo(status);
  }

  @Test
  void shouldWriteWhatConsumersTellOperators() {
    // given
    ConsumerState running = new ConsumerState(
        Map.of(ConsumerState.IN_ORDER, "false"),
        List.of(new SubscriptionEntry("T", "*", "TAG", List.of(), List.of(), 1, false)),
        Map.of(QUEUE, new ConsumerState.QueueState(7, 2, 3L << 20, 7, 8, true, 5, 6)),
        "main");
    HandledDirectly handled =
        new HandledDirectly(false, HandledDirectly.Result.CR_SUCCESS, null, 3);

    // then
    assertThat(text(running))
        .isEqualTo("{\"jstack\":\"main\",\"mqTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,"
            + "\"topic\":\"TopicTest\"}:{\"cachedMsgCount\":2,\"cachedMsgMaxOffset\":8,"
            + "\"cachedMsgMinOffset\":7,\"cachedMsgSizeInMiB\":3,\"commitOffset\":7,"
            + "\"lastConsumeTimestamp\":6,\"lastPullTimestamp\":5,\"locked\":true}},"
            + "\"properties\":{\"PROP_CONSUMEORDERLY\":\"false\"},\"subscriptionSet\":[{"
            + "\"classFilterMode\":false,\"codeSet\":[],\"expressionType\":\"TAG\","
            + "\"subString\":\"*\",\"subVersion\":1,\"tagsSet\":[],\"topic\":\"T\"}]}");
    assertThat(text(handled))
        .isEqualTo("{\"autoCommit\":true,\"consumeResult\":\"CR_SUCCESS\",\"order\":false,"
            + "\"spentTimeMills\":3}");
  }

  @Test
  void shouldWriteTheGoldenRegistrationInBothForms() throws Exception {
    // given
    TopicConfig topic = new TopicConfig("T", 8, 8, 6, false, 0, false, Map.of());
    Registration plain = new Registration(
        new TopicTable(new DataVersion(2, 0, 1_700_000_000_000L), Map.of("T", topic)));
    Registration compressed =
        new Registration(new TopicTable(new DataVersion(2, 0, 1), Map.of("T", topic)));

    // then
    assertThat(text(plain))
        .isEqualTo("{\"filterServerList\":[],\"topicConfigSerializeWrapper\":{\"dataVersion\":{"
            + "\"counter\":2,\"stateVersion\":0,\"timestamp\":1700000000000},"
            + "\"mappingDataVersion\":{\"counter\":0,\"stateVersion\":0,\"timestamp\":0},"
            + "\"topicConfigTable\":{\"T\":{\"attributes\":{},\"order\":false,\"perm\":6,"
            + "\"readQueueNums\":8,\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"T\","
            + "\"topicSysFlag\":0,\"writeQueueNums\":8}},\"topicQueueMappingDetailMap\":{},"
            + "\"topicQueueMappingInfoMap\":{}}}");
    assertThat(Registration.read(plain.toBytes())).isEqualTo(plain);
    byte[] inflated = new InflaterInputStream(
            new ByteArrayInputStream(compressed.toCompressedBytes()))
        .readAllBytes();
    assertThat(HexFormat.of().formatHex(inflated))
        .isEqualTo("0000002c7b22636f756e746572223a322c22737461746556657273696f6e223a302c22"
            + "74696d657374616d70223a317d0000000100000015542038203820362053494e474c455f54414720"
            + "7b7d000000025b5d00000000");
  }

  @Test
  void shouldWriteAndReadGroups() {
    // given
    String golden = "{\"attributes\":{},\"brokerId\":0,\"consumeBroadcastEnable\":true,"
        + "\"consumeEnable\":true,\"consumeFromMinEnable\":true,\"consumeMessageOrderly\":false,"
        + "\"consumeTimeoutMinute\":15,\"groupName\":\"g\",\"groupRetryPolicy\":{\"type\":"
        + "\"CUSTOMIZED\"},\"groupSysFlag\":0,\"notifyConsumerIdsChangedEnable\":true,"
        + "\"retryMaxTimes\":16,\"retryQueueNums\":1,\"whichBrokerWhenConsumeSlowly\":1}";
    GroupTable table = new GroupTable(new DataVersion(1, 0, 2), Map.of("g", GroupConfig.of("g")));

    // then
    assertThat(text(GroupConfig.of("g"))).isEqualTo(golden);
    assertThat(GroupConfig.read(utf8(golden))).isEqualTo(GroupConfig.of("g"));
    assertThat(GroupTable.read(table.toBytes())).isEqualTo(table);
    assertThat(GroupConfigs.read(utf8("{\"groupConfigList\":[" + golden + "]}")).groups())
        .containsExactly(GroupConfig.of("g"));
  }

  @Test
  void shouldWriteAndReadTheRest() {
    ConsumerIds ids = new ConsumerIds(List.of("id1", "id2"));
    assertThat(text(ids)).isEqualTo("{\"consumerIdList\":[\"id1\",\"id2\"]}");
    assertThat(ConsumerIds.read(ids.toBytes())).isEqualTo(ids);

    TopicList topics = new TopicList(List.of("T"), "10.0.0.1:10911");
    assertThat(text(topics)).isEqualTo("{\"topicList\":[\"T\"],\"brokerAddr\":\"10.0.0.1:10911\"}");
    assertThat(TopicList.read(topics.toBytes())).isEqualTo(topics);

    KvTable kv = new KvTable(Map.of("key", "a\"\n\\"));
    assertThat(KvTable.read(kv.toBytes())).isEqualTo(kv);

    GroupList groups = new GroupList(List.of("g"));
    assertThat(GroupList.read(groups.toBytes())).isEqualTo(groups);

    OffsetTable offsets = new OffsetTable(Map.of("T@g", Map.of(0, 3L)));
    assertThat(text(offsets)).isEqualTo("{\"offsetTable\":{\"T@g\":{\"0\":3}}}");
    assertThat(OffsetTable.read(utf8("{offsetTable:{'T@g':{0:3,}}}"))).isEqualTo(offsets);

    assertThat(text(new QueueNumbers("correctionOffsets", Map.of(0, 3L))))
        .isEqualTo("{\"correctionOffsets\":{\"0\":3}}");

    assertThat(text(
            new ConsumeQueueEntries(0, 9, List.of(new ConsumeQueueEntries.Entry(0, 175, 0)), null)))
        .contains("\"queueData\":[{\"eval\":false,\"physicOffset\":0,\"physicSize\":175,");

    SubscriptionEntry entry =
        new SubscriptionEntry("T", "*", "TAG", List.of(), List.of(), 1, false);
    ConsumerConnections connections = new ConsumerConnections(
        List.of(new ConnectionEntry("x", "1.2.3.4:5", "JAVA", 513)),
        "CONSUME_PASSIVELY",
        "CLUSTERING",
        "CONSUME_FROM_LAST_OFFSET",
        Map.of("T", entry));
    assertThat(ConsumerConnections.read(connections.toBytes())).isEqualTo(connections);

    ProducerConnections producers =
        new ProducerConnections(List.of(new ConnectionEntry("x", "1.2.3.4:5", "GO", 1)));
    assertThat(ProducerConnections.read(producers.toBytes())).isEqualTo(producers);
    assertThat(text(new ProducerTable(
            Map.of("pg", List.of(new ProducerTable.Producer("x", "1.2.3.4:5", "JAVA", 513, 7))))))
        .isEqualTo("{\"data\":{\"pg\":[{\"clientId\":\"x\",\"language\":\"JAVA\","
            + "\"lastUpdateTimestamp\":7,\"remoteIP\":\"1.2.3.4:5\",\"version\":513}]}}");

    BrokerStats.Span span = new BrokerStats.Span(1, 0.5, 1);
    assertThat(text(new BrokerStats(span, span, span)))
        .contains("\"statsMinute\":{\"avgpt\":1.0,\"sum\":1,\"tps\":0.5}");

    assertThat(text(new BrokerConsumeStats(
            "a:1", List.of(Map.of("g", List.of(new ConsumeStats(0, Map.of())))), 0, 0)))
        .isEqualTo("{\"brokerAddr\":\"a:1\",\"consumeStatsList\":[{\"g\":[{\"consumeTps\":0.0,"
            + "\"offsetTable\":{}}]}],\"totalDiff\":0,\"totalInflightDiff\":0}");

    assertThat(text(new ConsumeTimeSpans(List.of(new ConsumeTimeSpans.Span(QUEUE, 1, 2, 3, 4)))))
        .contains("\"messageQueue\":{\"brokerName\":\"broker-a\"")
        .contains("\"minTimeStamp\":1}");
    assertThat(text(new SubscriptionOfGroup("g", entry))).contains("\"topic\":\"T\"}");
    assertThat(text(new GroupForbidden("g", "T", true)))
        .isEqualTo("{\"group\":\"g\",\"readable\":true,\"topic\":\"T\"}");
    assertThat(CheckClient.read(
            utf8("{\"clientId\":\"c\",\"group\":\"g\",\"subscriptionData\":{\"topic\":\"T\"}}")))
        .isEqualTo(new CheckClient(
            "c", "g", new SubscriptionEntry("T", "*", "TAG", List.of(), List.of(), 0, false)));
    CheckClient check = new CheckClient("c", "g", entry);
    assertThat(CheckClient.read(check.toBytes())).isEqualTo(check);
  }

  @Test
  void shouldReadAndWriteConfigurationText() {
    // given
    Map<String, String> values = Map.of("key", "a=b\\c", "other", "line\nline");

    // then
    assertThat(ConfigText.read(ConfigText.write(values))).isEqualTo(values);
    assertThat(ConfigText.read(utf8("a = 1\n#no\nb:2\n"))).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThatThrownBy(() -> ConfigText.read(utf8("a=\\u12"))).isInstanceOf(BadBodyException.class);
  }

  @Test
  void shouldReadWhatLenientWritersWrite() {
    JsonObject json = JsonObject.read(utf8(" {'a' : 'x\\'\\u00fc' , b:[1,2,], \"c\":1.5e3,"
        + " d:null, e:{}, {\"k\":1} : true, f:\"7\" , } "));

    assertThat(json.text("a")).isEqualTo("x'\u00fc");
    assertThat(json.ints("b")).containsExactly(1, 2);
    assertThat(json.doubleOr("c", 0)).isEqualTo(1500);
    assertThat(json.text("d")).isNull();
    assertThat(json.names()).contains("{\"k\":1}").doesNotContain("d");
    assertThat(json.intOr("f", 0)).isEqualTo(7);
    assertThat(json.textOr("missing", "absent")).isEqualTo("absent");
  }

  @Test
  void shouldRefuseWhatIsNotReadable() {
    for (String bad : new String[] {
      "",
      "{",
      "[",
      "{\"a\"",
      "{\"a\":",
      "{\"a\":1",
      "{\"a\":1}x",
      "{\"a\":\"",
      "{\"a\":nonsense}",
      "[]",
      "3",
      "{\"a\":\"\\u00",
      "{:1}",
      "{{\"a\":1:2}",
      "[".repeat(100_000),
      "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}"
    }) {
      assertThatThrownBy(() -> JsonObject.read(utf8(bad)))
          .as(bad.substring(0, Math.min(20, bad.length())))
          .isInstanceOf(BadBodyException.class);
    }
    assertThatThrownBy(() -> Heartbeat.read(utf8("{\"clientID\":{}}")))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("clientID");
    assertThatThrownBy(() -> Heartbeat.read(utf8("{}")))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("clientID");
    assertThatThrownBy(() -> TopicConfig.read(utf8("{topicName:'T',perm:9999999999}")))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("perm");
    assertThatThrownBy(() -> JsonObject.read(utf8("[" + "1,".repeat(1 << 20) + "1]")))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("values");
  }

  @Test
  void shouldTakeRoutesUpToTheBoundsOfTheirQueuesAndRefuseOneMore() {
    String most = "{'brokerName':'b','readQueueNums':65535,'writeQueueNums':65535}";

    assertThat(TopicRoute.read(utf8("{'queueDatas':[%s,%s,%s,%s,{'readQueueNums':4}]}"
                .formatted(most, most, most, most)))
            .queues())
        .hasSize(5);
    assertThatThrownBy(() -> TopicRoute.read(utf8(
            "{'queueDatas':[%s,%s,%s,%s,{'readQueueNums':5}]}".formatted(most, most, most, most))))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("262145")
        .hasMessageContaining("262144");
    assertThatThrownBy(() -> TopicRoute.read(utf8("{'queueDatas':[{'readQueueNums':65536}]}")))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("65536");
  }

  @Test
  void shouldSurviveGarbage() {
    byte[] heartbeat = utf8("{\"clientID\":\"c\",\"consumerDataSet\":[{\"groupName\":\"g\","
        + "\"subscriptionDataSet\":[{\"topic\":\"T\",\"codeSet\":[1]}]}],"
        + "\"producerDataSet\":[{\"groupName\":\"p\"}]}");
    Garbage.feed(heartbeat, 1, bytes -> Heartbeat.read(bytes), BadBodyException.class);
    byte[] stats = new TopicStats(Map.of(QUEUE, new TopicStats.QueueRange(0, 5, 0)), 0).toBytes();
    Garbage.feed(stats, 2, bytes -> TopicStats.read(bytes), BadBodyException.class);
    byte[] offsets = new OffsetTable(Map.of("T@g", Map.of(0, 3L))).toBytes();
    Garbage.feed(offsets, 3, bytes -> OffsetTable.read(bytes), BadBodyException.class);
    byte[] route = new TopicRoute(List.of(), List.of(brokerA()), null).toBytes();
    Garbage.feed(route, 4, bytes -> TopicRoute.read(bytes), BadBodyException.class);
  }

  private static BrokerEntry brokerA() {
    return new BrokerEntry("DefaultCluster", "broker-a", Map.of(0L, "10.0.0.1:10911"), false);
  }

  private static String text(JsonBody body) {
    return new String(body.toBytes(), UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
