package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the protocol knows is answered: handled, or refused in words of ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // one broker for all
class EveryRequestTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  /** What name servers are asked. */
  private static final Set<RequestCode> OF_NAME_SERVERS = Set.of(
      RequestCode.PUT_KV_CONFIG,
      RequestCode.GET_KV_CONFIG,
      RequestCode.DELETE_KV_CONFIG,
      RequestCode.REGISTER_BROKER,
      RequestCode.UNREGISTER_BROKER,
      RequestCode.GET_ROUTEINFO_BY_TOPIC,
      RequestCode.GET_BROKER_CLUSTER_INFO,
      RequestCode.WIPE_WRITE_PERM_OF_BROKER,
      RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
      RequestCode.DELETE_TOPIC_IN_NAMESRV,
      RequestCode.REGISTER_TOPIC_IN_NAMESRV,
      RequestCode.GET_KVLIST_BY_NAMESPACE,
      RequestCode.GET_TOPICS_BY_CLUSTER,
      RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS,
      RequestCode.GET_UNIT_TOPIC_LIST,
      RequestCode.GET_HAS_UNIT_SUB_TOPIC_LIST,
      RequestCode.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST,
      RequestCode.UPDATE_NAMESRV_CONFIG,
      RequestCode.GET_NAMESRV_CONFIG,
      RequestCode.QUERY_DATA_VERSION,
      RequestCode.ADD_WRITE_PERM_OF_BROKER,
      RequestCode.GET_BROKER_MEMBER_GROUP,
      RequestCode.BROKER_HEARTBEAT,
      RequestCode.CHANGE_TOPICS);

  /** What replicas ask each other, at a port of their own, and what they ask controllers. */
  private static final Set<RequestCode> OF_REPLICAS = Set.of(
      RequestCode.GREET_REPLICA,
      RequestCode.PROVE_REPLICA,
      RequestCode.FETCH_LOG,
      RequestCode.HELLO_CONTROLLER,
      RequestCode.HEARTBEAT_CONTROLLER,
      RequestCode.ALTER_IN_SYNC,
      RequestCode.ELECT_LEADER,
      RequestCode.GET_GROUP_STATES,
      RequestCode.SET_GROUP,
      RequestCode.REMOVE_REPLICA);

  /** What brokers ask clients. */
  private static final Set<RequestCode> OF_CLIENTS = Set.of(
      RequestCode.CHECK_TRANSACTION_STATE,
      RequestCode.NOTIFY_CONSUMER_IDS_CHANGED,
      RequestCode.RESET_CONSUMER_CLIENT_OFFSET,
      RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT,
      RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT);

  /** What this broker does not do. */
  private static final Set<RequestCode> NOT_DONE = Set.of(
      RequestCode.GET_CLIENT_CONFIG,
      RequestCode.UPDATE_AND_CREATE_ACL_CONFIG,
      RequestCode.DELETE_ACL_CONFIG,
      RequestCode.GET_BROKER_CLUSTER_ACL_INFO,
      RequestCode.UPDATE_GLOBAL_WHITE_ADDRS_CONFIG,
      RequestCode.GET_BROKER_CLUSTER_ACL_CONFIG,
      RequestCode.GET_TIMER_CHECK_POINT,
      RequestCode.GET_TIMER_METRICS,
      RequestCode.CHECK_ROCKSDB_CQ_WRITE_PROGRESS,
      RequestCode.EXPORT_ROCKSDB_CONFIG_TO_JSON,
      RequestCode.RECALL_MESSAGE,
      RequestCode.QUERY_ASSIGNMENT,
      RequestCode.SET_MESSAGE_REQUEST_MODE,
      RequestCode.GET_ALL_MESSAGE_REQUEST_MODE,
      RequestCode.UPDATE_AND_CREATE_STATIC_TOPIC,
      RequestCode.NOTIFY_MIN_BROKER_ID_CHANGE,
      RequestCode.EXCHANGE_BROKER_HA_INFO,
      RequestCode.GET_BROKER_HA_STATUS,
      RequestCode.RESET_MASTER_FLUSH_OFFSET,
      RequestCode.UPDATE_COLD_DATA_FLOW_CTR_CONFIG,
      RequestCode.REMOVE_COLD_DATA_FLOW_CTR_CONFIG,
      RequestCode.GET_COLD_DATA_FLOW_CTR_INFO,
      RequestCode.SET_COMMITLOG_READ_MODE,
      RequestCode.AUTH_CREATE_USER,
      RequestCode.AUTH_UPDATE_USER,
      RequestCode.AUTH_DELETE_USER,
      RequestCode.AUTH_GET_USER,
      RequestCode.AUTH_LIST_USER,
      RequestCode.AUTH_CREATE_ACL,
      RequestCode.AUTH_UPDATE_ACL,
      RequestCode.AUTH_DELETE_ACL,
      RequestCode.AUTH_GET_ACL,
      RequestCode.AUTH_LIST_ACL,
      RequestCode.POP_MESSAGE,
      RequestCode.ACK_MESSAGE,
      RequestCode.PEEK_MESSAGE,
      RequestCode.CHANGE_MESSAGE_INVISIBLETIME,
      RequestCode.NOTIFICATION,
      RequestCode.POLLING_INFO,
      RequestCode.POP_ROLLBACK,
      RequestCode.BATCH_ACK_MESSAGE);

  /** Fields of many headers at once, as far as their values can be the same everywhere. */
  static final Map<String, String> PLAUSIBLE = Map.ofEntries(
      Map.entry("topic", "EveryTopic"),
      Map.entry("group", "EveryGroup"),
      Map.entry("consumerGroup", "EveryGroup"),
      Map.entry("producerGroup", "EveryGroup"),
      Map.entry("groupName", "EveryGroup"),
      Map.entry("srcGroup", "EveryGroup"),
      Map.entry("destGroup", "OtherGroup"),
      Map.entry("compareGroup", "OtherGroup"),
      Map.entry("clientID", "nobody"),
      Map.entry("clientId", "nobody"),
      Map.entry("clientAddr", ""),
      Map.entry("defaultTopic", "TBW102"),
      Map.entry("defaultTopicQueueNums", "4"),
      Map.entry("readQueueNums", "4"),
      Map.entry("writeQueueNums", "4"),
      Map.entry("perm", "6"),
      Map.entry("topicFilterType", "SINGLE_TAG"),
      Map.entry("topicSysFlag", "0"),
      Map.entry("order", "false"),
      Map.entry("isOrder", "false"),
      Map.entry("queueId", "0"),
      Map.entry("queueOffset", "0"),
      Map.entry("commitOffset", "0"),
      Map.entry("offset", "0"),
      Map.entry("index", "0"),
      Map.entry("count", "1"),
      Map.entry("maxMsgNums", "1"),
      Map.entry("sysFlag", "4"),
      Map.entry("suspendTimeoutMillis", "0"),
      Map.entry("subscription", "*"),
      Map.entry("subVersion", "1"),
      Map.entry("timestamp", "0"),
      Map.entry("isForce", "true"),
      Map.entry("readable", "true"),
      Map.entry("key", "k"),
      Map.entry("maxNum", "1"),
      Map.entry("beginTimestamp", "0"),
      Map.entry("endTimestamp", "9"),
      Map.entry("bornTimestamp", "0"),
      Map.entry("flag", "0"),
      Map.entry("statsName", "TOPIC_PUT_NUMS"),
      Map.entry("statsKey", "EveryTopic"),
      Map.entry("delayLevel", "1"),
      Map.entry("msgId", "7F00000100002A9F0000000000000000"));

  private final Broker broker = new Broker(
      new TestSettings().withoutAutoCreatedTopics().queues(8).build(),
      new Machine<>(new SimulatedFileSystem(1), TestNetwork.REAL, TestMachine.REAL));
  private final RemotingClient client = TestNetwork.client();

  @BeforeAll
  void start() {
    broker.start();
  }

  @AfterAll
  void stop() {
    client.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(RequestCode.class)
  void shouldAnswerRequestWithoutFieldsAndBody(RequestCode code) {
    judge(code, ask(code, Map.of(), ""));
  }

  @ParameterizedTest
  @EnumSource(RequestCode.class)
  void shouldAnswerRequestWithFieldsAndEmptyObject(RequestCode code) {
    judge(code, ask(code, PLAUSIBLE, "{}"));
  }

  @ParameterizedTest
  @EnumSource(RequestCode.class)
  void shouldAnswerRequestWithGarbage(RequestCode code) {
    judge(
        code,
        ask(code, Map.of("topic", "../../x", "queueId", "NaN", "group", "\u0000"), "{[\u0000"));
  }

  private Answer ask(RequestCode code, Map<String, String> fields, String body) {
    WireHeader header = out -> fields.forEach(out::put);
    InetSocketAddress address = broker.address();
    return client
        .call(
            address.getAddress().getHostAddress() + ":" + address.getPort(),
            new Request(code, header, Body.of(body.getBytes(StandardCharsets.UTF_8))),
            DEADLINE)
        .toCompletableFuture()
        .join();
  }

  private void judge(RequestCode code, Answer answer) {
    assertThat(ResponseCode.of(answer.code())).as("code %d", answer.code()).isNotNull();
    boolean refused = answer.code() == ResponseCode.REQUEST_CODE_NOT_SUPPORTED.number();
    assertThat(refused).as("answered with code 3").isEqualTo(isForeign(code));
    if (!answer.isOk() && !answer.fields().toMap().containsKey("nextBeginOffset")) {
      assertThat(answer.remark()).isNotBlank().doesNotContain("Exception", "java.", "escrowmq.");
    }
    assertThat(broker.failure()).isNull();
  }

  private static boolean isForeign(RequestCode code) {
    return OF_NAME_SERVERS.contains(code)
        || OF_REPLICAS.contains(code)
        || OF_CLIENTS.contains(code)
        || NOT_DONE.contains(code);
  }
}
