package io.escrowmq.broker.admin;

import static io.escrowmq.broker.admin.TestAdmin.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.ConfigText;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.KvTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerRequestsTest {

  @AutoClose
  private final TestAdmin admin = new TestAdmin();

  private Map<String, String> runtime() {
    return KvTable.read(bytes(admin.ask(RequestCode.GET_BROKER_RUNTIME_INFO))).table();
  }

  private Map<String, String> config() {
    return ConfigText.read(bytes(admin.ask(RequestCode.GET_BROKER_CONFIG)));
  }

  private FakeCall update(String text) {
    return admin.ask(new FakeCall(RequestCode.UPDATE_BROKER_CONFIG).withBody(text));
  }

  @Test
  void shouldTellRates() {
    // given
    admin.pass(Duration.ofSeconds(590));
    admin.traffic.stored("T", 100, 10_000);
    admin.traffic.delivered("T", "g", 60, 6_000);
    admin.traffic.missed();

    // when
    admin.pass(Duration.ofSeconds(10));

    // then
    assertThat(runtime())
        .containsEntry("putTps", "10.00 1.67 0.17")
        .containsEntry("getTransferredTps", "6.00 1.00 0.10")
        .containsEntry("getFoundTps", "0.10 0.02 0.00")
        .containsEntry("getTotalTps", "0.20 0.03 0.00")
        .containsEntry("putMessageTimesTotal", "100")
        .containsEntry("putMessageAverageSize", "100.0");
  }

  @Test
  void shouldTellHowManyCameTodayAndYesterday() {
    // given
    admin.traffic.stored("T", 5, 500);
    admin.pass(Duration.ofMinutes(2));
    admin.broker.clock.advance(Duration.ofDays(1).toMillis());
    admin.pass(Duration.ofSeconds(1));
    admin.traffic.stored("T", 7, 700);
    admin.broker.clock.advance(Duration.ofDays(1).toMillis());
    admin.pass(Duration.ofSeconds(1));

    // when
    admin.traffic.stored("T", 1, 100);

    // then
    assertThat(runtime())
        .containsEntry("msgPutTotalYesterdayMorning", "5")
        .containsEntry("msgPutTotalTodayMorning", "12")
        .containsEntry("msgPutTotalTodayNow", "13")
        .containsEntry("msgGetTotalTodayNow", "0");
  }

  @Test
  void shouldTellWhereLogAndDiskStand() {
    // given
    admin.broker.createTopic("T", 1);
    long time = admin.broker.clock.millis();
    admin.broker.send("T", 0, "a", "", 0);
    admin.broker.clock.advance(Duration.ofHours(25).toMillis() + 61_000);

    // when
    Map<String, String> table = runtime();

    // then
    assertThat(table)
        .containsEntry("brokerVersionDesc", "V5_5_0")
        .containsEntry("brokerActive", "true")
        .containsEntry("bootTimestamp", Long.toString(time))
        .containsEntry("runtime", "[ 1 days, 1 hours, 1 minutes, 1 seconds ]")
        .containsEntry("commitLogMinOffset", "0")
        .containsEntry("commitLogMaxOffset", Long.toString(admin.broker.log.written()))
        .containsEntry("earliestMessageTimeStamp", Long.toString(time))
        .containsEntry("waitingPulls", "3")
        .containsEntry("timerCongestNum", "0");
    assertThat(Double.parseDouble(table.get("commitLogDiskRatio"))).isBetween(0.0, 1.0);
    assertThat(table.get("commitLogDirCapacity")).matches("Total : .*, Free : .*\\.");
  }

  @Test
  void shouldTellThatThereIsNoEarliestMessage() {
    assertThat(runtime()).containsEntry("earliestMessageTimeStamp", "-1");
  }

  @Test
  void shouldTellOffsetsWithoutAMessage() {
    // given
    assertThat(runtime()).containsEntry("lostMessages", "0");
    admin.lost.begin();
    admin.lost.note("orders", 3, 7, 9);
    admin.lost.end();

    // when
    Map<String, String> table = runtime();

    // then
    assertThat(table)
        .containsEntry("lostMessages", "3")
        .containsEntry("lostMessage_00", "offsets 7 to 9 of orders/3 have no message any more");
  }

  @Test
  void shouldShowConfiguration() {
    // when
    FakeCall call = admin.ask(RequestCode.GET_BROKER_CONFIG);

    // then
    assertThat(ConfigText.read(bytes(call)))
        .containsEntry("brokerName", "broker-a")
        .containsEntry("fileReservedTime", "72")
        .containsEntry("store.retention-hours", "72")
        .containsEntry("store.retention-bytes", "0");
    String version = call.replyFields().get("version");
    assertThat(version).isNotNull();
    assertThat(DataVersion.read(version.getBytes(StandardCharsets.UTF_8)).counter())
        .isZero();
  }

  @Test
  void shouldChangeRetentionWhileRunning() {
    // when
    FakeCall call = update("fileReservedTime=5\nstore.retention-bytes=1048576\n");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(config())
        .containsEntry("store.retention-hours", "5")
        .containsEntry("store.retention-bytes", "1048576");
    assertThat(admin.live.retention().now().keep()).isEqualTo(Duration.ofHours(5));
    assertThat(admin.live.retention().now().keepBytes()).isEqualTo(1 << 20);
    assertThat(admin.ask(RequestCode.GET_BROKER_CONFIG).replyFields().get("version"))
        .contains("\"counter\":1");
  }

  @Test
  void shouldAcceptEachKeyWithTheValueThatItHas() {
    config()
        .forEach((key, value) -> assertThat(update(key + "=" + value + "\n").replyCode())
            .as("%s=%s", key, value)
            .isEqualTo(ResponseCode.SUCCESS));
  }

  @Test
  void shouldAcceptKeysThatTuneOthersBrokersAndSayThatTheyDoNothing() {
    // when
    FakeCall call = update("sendMessageThreadPoolNums=64\nfileReservedTime=5\ndeleteWhen=05\n");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(call.reply().remark())
        .contains("without effect")
        .contains("sendMessageThreadPoolNums")
        .contains("deleteWhen")
        .doesNotContain("fileReservedTime");
    assertThat(config()).containsEntry("fileReservedTime", "5");
  }

  /** A script that sets these counts on what they do. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "authenticationEnabled",
        "aclEnable",
        "useTLS",
        "brokerPermission",
        "inSyncReplicas",
        "rejectTransactionMessage",
        "diskMaxUsedSpaceRatio",
        "flushDiskType",
        "slaveReadEnable"
      })
  void shouldRefuseKeysOnWhoseEffectOperatorsRely(String key) {
    assertThat(update(key + "=true").replyCode())
        .isIn(ResponseCode.NO_PERMISSION, ResponseCode.INVALID_PARAMETER);
  }

  @ParameterizedTest
  @CsvSource({
    "listenPort=1, NO_PERMISSION, listenPort",
    "rocketmqHome=/etc, INVALID_PARAMETER, rocketmqHome",
    "fileReservedTime=0, INVALID_PARAMETER, fileReservedTime",
    "fileReservedTime=x, INVALID_PARAMETER, 'x'",
    "store.retention-bytes=-1, INVALID_PARAMETER, store.retention-bytes",
  })
  void shouldRefuseToChangeAnythingElseAndNameIt(String text, ResponseCode code, String named) {
    // when
    FakeCall call = update("store.retention-hours=9\n" + text);

    // then
    assertThat(call.replyCode()).isEqualTo(code);
    assertThat(call.reply().remark()).contains(named);
    assertThat(admin.live.retention().now().keep()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void shouldRefuseConfigurationThatIsTooLong() {
    // when
    FakeCall call = update("#" + "x".repeat(70_000));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(call.reply().remark()).contains("65536");
  }

  @Test
  void shouldCountByTopicGroupAndBroker() {
    // given
    admin.traffic.stored("T", 32, 3200);
    admin.traffic.delivered("T", "g", 8, 800);
    admin.pass(Duration.ofSeconds(20));

    // then
    assertThat(stats("TOPIC_PUT_NUMS", "T"))
        .contains("\"statsMinute\":{\"avgpt\":32.0,\"sum\":32,\"tps\":1.6}");
    assertThat(stats("TOPIC_PUT_SIZE", "T")).contains("\"sum\":3200");
    assertThat(stats("GROUP_GET_NUMS", "T@g")).contains("\"sum\":8");
    assertThat(stats("GROUP_GET_SIZE", "T@g")).contains("\"sum\":800");
    assertThat(stats("BROKER_PUT_NUMS", "Cluster")).contains("\"sum\":32");
    assertThat(stats("BROKER_GET_NUMS", "Cluster")).contains("\"sum\":8");
  }

  private String stats(String name, String key) {
    return admin
        .ask(RequestCode.VIEW_BROKER_STATS_DATA, "statsName", name, "statsKey", key)
        .replyBody();
  }

  @Test
  void shouldForgetWhatIsOlderThanTheSpan() {
    // given
    admin.traffic.stored("T", 32, 3200);
    admin.pass(Duration.ofMinutes(2));

    // when
    String stats = stats("TOPIC_PUT_NUMS", "T");

    // then
    assertThat(stats)
        .contains("\"statsMinute\":{\"avgpt\":0.0,\"sum\":0,\"tps\":0.0}")
        .contains("\"statsHour\":{\"avgpt\":32.0,\"sum\":32,")
        .contains("\"statsDay\":{\"avgpt\":32.0,\"sum\":32,");
  }

  @ParameterizedTest
  @CsvSource({
    "TOPIC_PUT_NUMS, missing",
    "GROUP_GET_NUMS, nobody",
    "GROUP_GET_NUMS, T@nobody",
    "BROKER_PUT_NUMS, OtherCluster",
    "NO_SUCH, T",
  })
  void shouldTellThatThereIsNoSuchStatistic(String name, String key) {
    // when
    FakeCall call =
        admin.ask(RequestCode.VIEW_BROKER_STATS_DATA, "statsName", name, "statsKey", key);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains(name).contains(key);
  }

  @Test
  void shouldShowEntriesOfQueue() {
    // given
    admin.broker.createTopic("T", 1);
    admin.broker.send("T", 0, "a", "", 0);
    long second = admin.broker.send("T", 0, "b", "TAGS\u0001red\u0002", 0);
    admin.broker.send("T", 0, "c", "", 0);

    // when
    FakeCall call = admin.ask(
        RequestCode.QUERY_CONSUME_QUEUE, "topic", "T", "queueId", "0", "index", "1", "count", "1");

    // then
    assertThat(call.replyBody())
        .contains("\"maxQueueIndex\":3")
        .contains("\"minQueueIndex\":0")
        .contains("\"physicOffset\":" + second + ",")
        .contains("\"tagsCode\":" + "red".hashCode())
        .containsOnlyOnce("physicOffset");
  }

  @ParameterizedTest
  @CsvSource({"T, 1", "T, -1", "missing, 0"})
  void shouldTellThatThereIsNoSuchQueue(String topic, String queue) {
    // given
    admin.broker.createTopic("T", 1);

    // when
    FakeCall call =
        admin.ask(RequestCode.QUERY_CONSUME_QUEUE, "topic", topic, "queueId", queue, "index", "0");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains(topic).contains(queue);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE_EXPIRED_COMMITLOG", "CLEAN_EXPIRED_CONSUMEQUEUE"})
  void shouldLetOldSegmentsGoWhenTold(RequestCode code) {
    // given
    admin.broker.createTopic("T", 1);
    for (int i = 0; i < 40; i++) {
      admin.broker.send("T", 0, "x".repeat(60_000), "", 0); // segments of 1 MiB
    }
    admin.broker.log.sync();
    admin.states.write(admin.broker.log.end() - 1, Map.of()); // a restart needs two, and what
    admin.states.write(admin.broker.log.end(), Map.of()); // comes after the older one
    update("store.retention-bytes=1");

    // when
    FakeCall first = admin.ask(code);

    // then
    assertThat(first.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.broker.log.start()).isPositive();
    assertThat(runtime())
        .containsEntry("commitLogMinOffset", Long.toString(admin.broker.log.start()));
  }

  /** A renewal may fail between its records; that must not stop the log because an operator asked. */
  @Test
  void shouldAnswerAndGoOnWhenTheDeletionFailsHalfWay() {
    // given
    admin.broker.createTopic("T", 1);
    for (int i = 0; i < 40; i++) {
      admin.broker.send("T", 0, "x".repeat(60_000), "", 0);
    }
    update("store.retention-bytes=1");
    admin.escrow.fails = true;

    // when
    FakeCall call = admin.ask(RequestCode.DELETE_EXPIRED_COMMITLOG);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(admin.escrow.failures).isPositive();
    assertThat(admin.broker.loop.stopped()).isNull();
    assertThat(admin.broker.send("T", 0, "goes on", "", 0)).isPositive();
  }
}
