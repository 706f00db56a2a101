package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Caller;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.PolicyByName;
import io.escrowmq.remoting.RequestCounts;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever a request names, in its header or its body, its caller must be allowed: each request of the table
 * is sent with a denied name in each place that can hold one. Where the name stands in what was read, it is to
 * be refused.
 */
class DeniedNamesTest {

  private static final String DENIED = "denied";

  /** All fields of headers that hold a topic or a group, and where the name stands in them. */
  private static final Map<String, String> NAMES = Map.ofEntries(
      Map.entry("topic", "#"),
      Map.entry("topicList", "other;#"),
      Map.entry("originTopic", "#"),
      Map.entry("group", "#"),
      Map.entry("groupName", "#"),
      Map.entry("consumerGroup", "#"),
      Map.entry("producerGroup", "#"),
      Map.entry("srcGroup", "#"),
      Map.entry("destGroup", "#"),
      Map.entry("compareGroup", "#"),
      Map.entry("filterGroups", "other,#"),
      Map.entry("statsKey", "other@#"),
      Map.entry("properties", "PGROUP\u0001#\u0002"),
      Map.entry("a", "#"), // short for producerGroup
      Map.entry("b", "#"), // short for topic
      Map.entry("i", "PGROUP\u0001#\u0002")); // short for properties

  /** What bodies are sent with, as often as they name something: "#" is the name. */
  private static final Map<RequestCode, List<String>> BODIES = Map.of(
      RequestCode.HEART_BEAT,
      List.of(
          "{'clientID':'c','producerDataSet':[{'groupName':'other'},{'groupName':'#'}]}",
          "{'clientID':'c','consumerDataSet':[{'groupName':'#'}]}",
          "{'clientID':'c','consumerDataSet':[{'groupName':'other',"
              + "'subscriptionDataSet':[{'topic':'other'},{'topic':'#'}]}]}"),
      RequestCode.CHECK_CLIENT_CONFIG,
      List.of(
          "{'clientId':'c','group':'#','subscriptionData':{'topic':'other'}}",
          "{'clientId':'c','group':'other','subscriptionData':{'topic':'#'}}"),
      RequestCode.LOCK_BATCH_MQ,
      List.of(
          "{'clientId':'c','consumerGroup':'#','mqSet':[]}",
          "{'clientId':'c','consumerGroup':'other','mqSet':[{'topic':'other'},{'topic':'#'}]}"),
      RequestCode.UNLOCK_BATCH_MQ,
      List.of(
          "{'clientId':'c','consumerGroup':'#','mqSet':[]}",
          "{'clientId':'c','consumerGroup':'other','mqSet':[{'topic':'other'},{'topic':'#'}]}"),
      RequestCode.UPDATE_AND_CREATE_TOPIC_LIST,
      List.of("{'topicConfigList':[{'topicName':'other'},{'topicName':'#'}]}"),
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
      List.of("{'groupName':'#'}"),
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
      List.of("{'groupConfigList':[{'groupName':'other'},{'groupName':'#'}]}"));

  /** About no topic and no group, or about all of them. */
  private static final Set<RequestCode> WITHOUT_NAMES = EnumSet.of(
      RequestCode.GET_ALL_TOPIC_CONFIG,
      RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER,
      RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
      RequestCode.GET_ALL_PRODUCER_INFO,
      RequestCode.GET_ALL_CONSUMER_OFFSET,
      RequestCode.GET_ALL_DELAY_OFFSET,
      RequestCode.GET_BROKER_CONSUME_STATS,
      RequestCode.GET_BROKER_RUNTIME_INFO,
      RequestCode.GET_BROKER_CONFIG,
      RequestCode.UPDATE_BROKER_CONFIG,
      RequestCode.GET_METRICS,
      RequestCode.CLEAN_EXPIRED_CONSUMEQUEUE,
      RequestCode.DELETE_EXPIRED_COMMITLOG,
      RequestCode.CLEAN_UNUSED_TOPIC,
      // a half-message is named by its place in the log: FoundNamesTest
      RequestCode.SHOW_TRANSACTION,
      RequestCode.ORDER_TRANSACTION,
      RequestCode.RECHECK_TRANSACTION);

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final BrokerCore core = new CoreRecovery(TestCores.plan(
          new TestSettings().build(),
          files,
          new StateFiles(files, Path.of("/data/state")),
          TestMachine.REAL))
      .open(newest -> {});
  private final RequestCounts counts = new RequestCounts(() -> 0);
  private final DenialPolicy policy = new DenialPolicy();
  private final RequestTable table = core.requests().behind(Gate.of(policy, counts));

  @AfterEach
  void close() {
    core.close();
  }

  @Test
  void shouldRefuseEachRequestThatNamesWhatIsDenied() {
    Set<RequestCode> refused = EnumSet.noneOf(RequestCode.class);
    long end = core.store.log().end();
    for (RequestCode code : RequestCode.values()) {
      if (table.permissionOf(code.number()) == null) {
        continue;
      }
      for (String field : NAMES.keySet()) {
        FakeCall call = call(code).with(field, NAMES.get(field).replace("#", DENIED));
        judge(code, field, call.withBody(body(code, 0, "allowed")), refused);
      }
      for (int i = 0; i < BODIES.getOrDefault(code, List.of()).size(); i++) {
        judge(code, "body " + i, call(code).withBody(body(code, i, DENIED)), refused);
        assertThat(policy.denied).as("%s shows what body %s names", code, i).isNotNull();
      }
    }

    assertThat(core.store.log().end()).as("nothing is recorded").isEqualTo(end);
    assertThat(Arrays.stream(Permission.values()).mapToLong(counts::handled).sum())
        .as("nothing reached a handler")
        .isZero();
    assertThat(refused)
        .as("requests that name something")
        .isEqualTo(Arrays.stream(RequestCode.values())
            .filter(code -> table.permissionOf(code.number()) != null)
            .filter(code -> !WITHOUT_NAMES.contains(code))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(RequestCode.class))));
  }

  @Test
  void shouldRefuseStatisticsOfAClusterThatIsDenied() {
    for (String name : List.of("BROKER_PUT_NUMS", "BROKER_GET_NUMS")) {
      // when
      FakeCall call =
          call(RequestCode.VIEW_BROKER_STATS_DATA).with("statsName", name).with("statsKey", DENIED);
      table.dispatch(call);

      // then
      assertThat(call.reply().remark()).isEqualTo("the cluster " + DENIED + " is not for you");
    }
  }

  private void judge(RequestCode code, String where, FakeCall call, Set<RequestCode> refused) {
    policy.forget();
    table.dispatch(call);
    assertThat(policy.said)
        .as("%s can be read with %s: %s", code, where, call.reply().remark())
        .isNotNull();
    assertThat(policy.denied != null)
        .as("%s is shown to the policy with its %s: %s", code, where, policy.said)
        .isEqualTo(holds(policy.said));
    assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
    if (policy.denied != null) {
      assertThat(call.reply().remark()).contains(DENIED);
      refused.add(code);
    }
  }

  private static FakeCall call(RequestCode code) {
    FakeCall call = new FakeCall(code);
    new HashMap<>(EveryRequestTest.PLAUSIBLE).forEach(call::with);
    call.with("a", "p")
        .with("b", "t")
        .with("c", "TBW102")
        .with("d", 4)
        .with("e", 0)
        .with("f", 0);
    call.with("g", 0).with("h", 0).with("i", "").with("j", 0).with("k", false).with("m", false);
    return call.with("transaction", "x")
        .with("halfMessages", 1)
        .with("id", 0)
        .with("who", "w")
        .with("reason", "r")
        .with("commitOrRollback", 8)
        .with("tranStateTableOffset", 0)
        .with("commitLogOffset", 0)
        .with("statsName", "GROUP_GET_NUMS")
        .with("after", 0)
        .with("most", 1)
        .with("olderThanMillis", 0)
        .with("suspended", false)
        .with("offset", 0)
        .with("jstackEnable", false)
        .with("fromTransactionCheck", false);
  }

  private static String body(RequestCode code, int which, String name) {
    List<String> bodies = BODIES.get(code);
    return bodies == null ? "" : bodies.get(which).replace('\'', '"').replace("#", name);
  }

  /** Whether the name stands anywhere in what was read; fields that nobody reads say nothing. */
  private static boolean holds(@Nullable Object said) {
    if (said instanceof Collection<?> several) {
      return several.stream().anyMatch(DeniedNamesTest::holds);
    }
    if (said instanceof Map<?, ?> map) {
      return holds(map.keySet()) || holds(map.values());
    }
    if (said instanceof Record record && !(said instanceof Fields)) {
      return Arrays.stream(record.getClass().getRecordComponents())
          .anyMatch(component -> holds(value(record, component)));
    }
    return said instanceof String text && text.contains(DENIED);
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(record.getClass() + " cannot be looked into", e);
    }
  }

  /** Denies one name, and lets nothing else pass either: what is not about the name is not handled here. */
  private static final class DenialPolicy implements PolicyByName {

    private @Nullable Object said;
    private @Nullable String denied;

    void forget() {
      said = null;
      denied = null;
    }

    @Override
    public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
      return null;
    }

    @Override
    public String refusal(Caller caller, Permission permission, Object read) {
      said = read;
      denied = PolicyByName.super.refusal(caller, permission, read);
      return denied == null ? "not about it" : denied;
    }

    @Override
    public @Nullable String refusalOfTopic(
        Caller caller, Permission permission, @Nullable String topic) {
      return DENIED.equals(topic) ? "the topic " + topic + " is not for you" : null;
    }

    @Override
    public @Nullable String refusalOfGroup(
        Caller caller, Permission permission, @Nullable String group) {
      return DENIED.equals(group) ? "the group " + group + " is not for you" : null;
    }

    @Override
    public @Nullable String refusalOfCluster(
        Caller caller, Permission permission, @Nullable String cluster) {
      return DENIED.equals(cluster) ? "the cluster " + cluster + " is not for you" : null;
    }

    @Override
    public @Nullable String refusalOfBroker(Caller caller, Permission permission, String broker) {
      return null; // a name server's
    }

    @Override
    public @Nullable String refusalOfKey(
        Caller caller, Permission permission, String namespace, @Nullable String key) {
      return null; // likewise
    }
  }
}
