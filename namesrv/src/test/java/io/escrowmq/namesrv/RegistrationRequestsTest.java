package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.header;
import static io.escrowmq.namesrv.ByHand.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.BrokerNameHeader;
import io.escrowmq.remoting.header.DeleteTopicInNamesrvHeader;
import io.escrowmq.remoting.header.PutKvConfigHeader;
import io.escrowmq.remoting.header.QueryDataVersionHeader;
import io.escrowmq.remoting.header.RegisterBrokerHeader;
import io.escrowmq.remoting.header.TopicHeader;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class RegistrationRequestsTest {

  private final ByHand namesrv = new ByHand();
  private final FakeConnection connection = new FakeConnection();

  @Test
  void shouldServeATopicOnceItsBrokerHasItsAnswer() {
    // given
    FakeCall registration = namesrv.send(
        connection,
        RequestCode.REGISTER_BROKER,
        header("a", 0),
        topics(1, "T", "U").getBytes(UTF_8));
    assertThat(registration.isAnswered()).isFalse();

    // when
    namesrv.loop.turn();

    // then
    assertThat(registration.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(registration.replyBody()).isEqualTo("{\"table\":{}}");
    assertThat(namesrv.route("T").replyBody())
        .contains("{\"brokerAddrs\":{\"0\":\"a-0.test:10911\"},\"brokerName\":\"a\"")
        .contains("\"readQueueNums\":4");
  }

  @Test
  void shouldReadTheCompressedRegistrationOfTheProtocolPage() {
    // when
    FakeCall registration = namesrv.send(
        connection, RequestCode.REGISTER_BROKER, compressed(0), Bodies.compressedOneTopic());
    namesrv.loop.turn();

    // then
    assertThat(registration.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(namesrv.route("T").replyBody()).contains("\"perm\":6,\"readQueueNums\":8");
  }

  @Test
  void shouldHoldTheBodyAgainstItsCrc() {
    // given
    CRC32 crc = new CRC32();
    crc.update(Bodies.compressedOneTopic());
    int right = (int) (crc.getValue() & 0x7FFF_FFFF);

    // when
    FakeCall wrong = namesrv.send(
        connection,
        RequestCode.REGISTER_BROKER,
        compressed(right ^ 1),
        Bodies.compressedOneTopic());
    FakeCall same = namesrv.send(
        connection, RequestCode.REGISTER_BROKER, compressed(right), Bodies.compressedOneTopic());
    namesrv.loop.turn();

    // then
    assertThat(wrong.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(wrong.reply().remark()).contains("CRC").contains(String.valueOf(right));
    assertThat(same.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldTellASlaveItsMasterAndEverybodyTheOrderedTopics() {
    // given
    namesrv.call(
        RequestCode.PUT_KV_CONFIG, new PutKvConfigHeader("ORDER_TOPIC_CONFIG", "T", "a:4"));
    FakeCall master = namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // when
    FakeCall slave = namesrv.register(new FakeConnection(), "a", 1, topics(1, "T", "U"));

    // then
    assertThat(master.replyFields()).isEmpty();
    assertThat(slave.replyFields())
        .isEqualTo(Map.of("haServerAddr", "a-0.test:10912", "masterAddr", "a-0.test:10911"));
    assertThat(slave.replyBody()).isEqualTo("{\"table\":{\"T\":\"a:4\"}}");
  }

  @Test
  void shouldSayWhetherItKnowsAVersion() {
    // given
    namesrv.register(connection, "a", 0, topics(3, "T", "U"));

    // when
    FakeCall same =
        namesrv.call(connection, RequestCode.QUERY_DATA_VERSION, queryVersion("a"), version(3));
    FakeCall other =
        namesrv.call(connection, RequestCode.QUERY_DATA_VERSION, queryVersion("a"), version(4));
    FakeCall unknown =
        namesrv.call(connection, RequestCode.QUERY_DATA_VERSION, queryVersion("b"), version(3));

    // then
    assertThat(same.replyFields()).isEqualTo(Map.of("changed", "false"));
    assertThat(other.replyFields()).isEqualTo(Map.of("changed", "true"));
    assertThat(other.replyBody()).isEqualTo(version(3));
    assertThat(unknown.replyFields()).isEqualTo(Map.of("changed", "true"));
    assertThat(unknown.replyBody()).isEmpty();
  }

  @Test
  void shouldTakeASingleTopicFromAKnownBroker() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // when
    FakeCall call = namesrv.call(
        connection,
        RequestCode.REGISTER_TOPIC_IN_NAMESRV,
        new TopicHeader("V"),
        "{\"brokerDatas\":[],\"queueDatas\":["
            + "{\"brokerName\":\"a\",\"perm\":6,\"readQueueNums\":2,\"writeQueueNums\":2},"
            + "{\"brokerName\":\"nobody\",\"perm\":6,\"readQueueNums\":2,\"writeQueueNums\":2}]}");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(namesrv.route("V").replyBody())
        .contains("\"readQueueNums\":2")
        .doesNotContain("nobody");
  }

  @Test
  void shouldDeleteATopicAndKeepItDeletedUntilTheBrokerSaysSomethingNew() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // when
    namesrv.call(
        RequestCode.DELETE_TOPIC_IN_NAMESRV, new DeleteTopicInNamesrvHeader("T", "DefaultCluster"));
    namesrv.call(RequestCode.DELETE_TOPIC_IN_NAMESRV, new DeleteTopicInNamesrvHeader("U", null));
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // then
    assertThat(namesrv.loop.image().topics()).isEmpty();
  }

  @Test
  void shouldCountTheTopicsWhoseWritePermissionItWipesOrAdds() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // when
    FakeCall wiped = namesrv.call(RequestCode.WIPE_WRITE_PERM_OF_BROKER, new BrokerNameHeader("a"));
    String whileWiped = namesrv.route("T").replyBody();
    FakeCall added = namesrv.call(RequestCode.ADD_WRITE_PERM_OF_BROKER, new BrokerNameHeader("a"));

    // then
    assertThat(wiped.replyFields()).isEqualTo(Map.of("wipeTopicCount", "2"));
    assertThat(whileWiped).contains("\"perm\":4");
    assertThat(added.replyFields()).isEqualTo(Map.of("addTopicCount", "2"));
    assertThat(namesrv.route("T").replyBody()).contains("\"perm\":6");
  }

  @Test
  void shouldRefuseNamesAndAddressesThatFitNoList() {
    assertThat(refusal(changed(header("a", 0), "brokerName", "x".repeat(300))))
        .contains("300 characters", "at most 255");
    assertThat(refusal(changed(header("a", 0), "brokerName", "a\nb")))
        .contains("control character");
    assertThat(refusal(changed(header("a", 0), "clusterName", " "))).contains("blank");
    assertThat(refusal(changed(header("a", 0), "brokerAddr", "http://h/p"))).contains("host:port");
    assertThat(refusal(changed(header("a", 0), "brokerAddr", "h"))).contains("host:port");
    assertThat(refusal(header("a", -1))).contains("-1", "0 and above");
    for (String bad : List.of("$(id):1", "`id`:1", "a b:1", "a;b:1", "[::1:1", ":1", "h:x")) {
      assertThat(refusal(changed(header("a", 0), "brokerAddr", bad))).as(bad).contains("host:port");
    }
    for (String bad : List.of("h:0", "1.2.3.4:65536", "1.2.3.4:99999", "[::1]:0")) {
      assertThat(refusal(changed(header("a", 0), "brokerAddr", bad)))
          .as(bad)
          .contains("1 to 65535 are allowed");
    }
  }

  @Test
  void shouldTakeAddressesThatABrokerCanHave() {
    for (String good : List.of(
        "h:1",
        "10.0.0.1:65535",
        "broker_a.my-net.example:10911",
        "[::1]:10911",
        "fe80::1%eth0:10911")) {
      // when
      FakeCall call = namesrv.call(
          connection,
          RequestCode.REGISTER_BROKER,
          changed(header("a", 0), "brokerAddr", good),
          topics(1, "T"));

      // then
      assertThat(call.replyCode()).as(good).isEqualTo(ResponseCode.SUCCESS);
    }
  }

  @Test
  void shouldTellBothOfTwoBrokersOfOneNameOfTheOther() {
    // given
    namesrv.register(connection, "a", 0, topics(1, "T"));

    // when
    FakeCall second = namesrv.call(
        new FakeConnection(),
        RequestCode.REGISTER_BROKER,
        changed(header("a", 0), "brokerAddr", "other.test:10911"),
        topics(1, "T"));
    FakeCall first =
        namesrv.call(connection, RequestCode.QUERY_DATA_VERSION, queryVersion("a"), version(1));

    // then
    assertThat(second.replyFields()).containsEntry("displaced", "a-0.test:10911");
    assertThat(first.replyFields())
        .containsEntry("changed", "true")
        .containsEntry("occupant", "other.test:10911");
  }

  @Test
  void shouldAnswerABodyThatMakesNoSenseAndGoOn() {
    // when
    FakeCall registration = namesrv.register(connection, "a", 0, "{\"topicConfig");
    FakeCall question =
        namesrv.call(connection, RequestCode.QUERY_DATA_VERSION, queryVersion("a"), "[1");
    FakeCall topic = namesrv.call(
        connection, RequestCode.REGISTER_TOPIC_IN_NAMESRV, new TopicHeader("T"), "nonsense");

    // then
    assertThat(List.of(registration, question, topic))
        .allMatch(call -> call.replyCode() == ResponseCode.SYSTEM_ERROR);
    assertThat(namesrv.register(connection, "a", 0, topics(1, "T")).replyCode())
        .isEqualTo(ResponseCode.SUCCESS);
  }

  private String refusal(RegisterBrokerHeader header) {
    FakeCall call = namesrv.call(connection, RequestCode.REGISTER_BROKER, header, topics(1, "T"));
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    return call.reply().remark();
  }

  private static RegisterBrokerHeader changed(
      RegisterBrokerHeader header, String field, String to) {
    return new RegisterBrokerHeader(
        field.equals("brokerName") ? to : header.brokerName(),
        field.equals("brokerAddr") ? to : header.brokerAddress(),
        field.equals("clusterName") ? to : header.cluster(),
        header.haAddress(),
        header.brokerId(),
        header.heartbeatTimeoutMillis(),
        header.enableActingMaster(),
        header.compressed(),
        header.bodyCrc(),
        header.allTopics(),
        header.zone());
  }

  private static RegisterBrokerHeader compressed(int crc) {
    RegisterBrokerHeader plain = header("a", 0);
    return new RegisterBrokerHeader(
        plain.brokerName(),
        plain.brokerAddress(),
        plain.cluster(),
        plain.haAddress(),
        plain.brokerId(),
        plain.heartbeatTimeoutMillis(),
        false,
        true,
        crc,
        false,
        null);
  }

  private static QueryDataVersionHeader queryVersion(String name) {
    return new QueryDataVersionHeader(name, name + "-0.test:10911", "DefaultCluster", 0);
  }

  private static String version(int counter) {
    return "{\"counter\":" + counter + ",\"stateVersion\":0,\"timestamp\":1700000000000}";
  }
}
