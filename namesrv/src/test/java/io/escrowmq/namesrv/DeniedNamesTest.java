package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Caller;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.PolicyByName;
import io.escrowmq.remoting.RequestCounts;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicUpdates;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever a request names, its caller must be allowed: each request of the table is sent with a denied name
 * in each field that can hold one.
 */
class DeniedNamesTest {

  private static final String DENIED = "denied";

  /** All fields of headers that hold the name of a topic, of a cluster, of a broker, or of a value. */
  private static final List<String> NAMES =
      List.of("topic", "clusterName", "cluster", "brokerName", "namespace", "key");

  /** About nothing with a name, or about all of it. */
  private static final Set<RequestCode> WITHOUT_NAMES = EnumSet.of(
      RequestCode.GET_BROKER_CLUSTER_INFO,
      RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
      RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS,
      RequestCode.GET_UNIT_TOPIC_LIST,
      RequestCode.GET_HAS_UNIT_SUB_TOPIC_LIST,
      RequestCode.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST,
      RequestCode.GET_NAMESRV_CONFIG,
      RequestCode.UPDATE_NAMESRV_CONFIG);

  private final ByHand namesrv = new ByHand();
  private final RequestCounts counts = new RequestCounts(() -> 0);
  private final Denying policy = new Denying();
  private final RequestTable table = NamesrvRequests.table(
          namesrv.loop, namesrv.settings, RequestTable.of())
      .behind(Gate.of(policy, counts));

  @Test
  void shouldRefuseEachRequestThatNamesWhatIsDenied() {
    Set<RequestCode> refused = EnumSet.noneOf(RequestCode.class);
    for (RequestCode code : RequestCode.values()) {
      if (table.permissionOf(code.number()) == null) {
        continue;
      }
      for (String field : NAMES) {
        policy.letAllPass = false;
        policy.said = null;
        policy.denied = null;
        FakeCall call = call(code).with(field, DENIED);
        table.dispatch(call);
        boolean isNamed =
            !(policy.said instanceof Fields) && String.valueOf(policy.said).contains(DENIED);
        assertThat(policy.denied != null)
            .as("%s is shown to the policy with its %s: %s", code, field, policy.said)
            .isEqualTo(isNamed);
        assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
        if (isNamed) {
          refused.add(code);
        }
      }
    }

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
  void shouldRefuseToRegisterATopicAtABrokerThatIsDenied() {
    // given
    namesrv.register(new FakeConnection(), DENIED, 0, ByHand.topics(1, "T"));
    policy.letAllPass = true;

    // when
    FakeCall call = registerTopic("U", DENIED);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(call.reply().remark()).contains(DENIED);
    assertThat(namesrv.route("U").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  /** In each form that a body may have. */
  @Test
  void shouldRefuseARegistrationWithATopicThatIsDenied() {
    for (boolean compressed : new boolean[] {false, true}) {
      // given
      policy.letAllPass = true;
      FakeCall call = call(RequestCode.REGISTER_BROKER).with("compressed", compressed);
      call.withBody(
          compressed
              ? Bodies.compressed(1, List.of("T", DENIED), 2)
              : ByHand.topics(1, "T", DENIED).getBytes(UTF_8));

      // when
      table.dispatch(call);
      namesrv.loop.turn();

      // then
      assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
      assertThat(call.reply().remark()).contains(DENIED);
      assertThat(namesrv.route("T").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    }
  }

  /** What others may register is not read again when they repeat it. */
  @Test
  void shouldReadARegistrationThatAnotherCallerRepeats() {
    // given
    policy.letAllPass = true;
    RequestTable mine = NamesrvRequests.table(namesrv.loop, namesrv.settings, RequestTable.of());
    RequestTable theirs = mine.behind(
        new Gate(call -> new Caller("they"), policy, (caller, permission, call) -> null, counts));

    for (RequestTable who : List.of(mine, theirs)) {
      // when
      FakeCall call = call(RequestCode.REGISTER_BROKER).withBody(ByHand.topics(1, DENIED));
      who.dispatch(call);
      namesrv.loop.turn();

      // then
      assertThat(call.replyCode())
          .isEqualTo(who == mine ? ResponseCode.SUCCESS : ResponseCode.NO_PERMISSION);
    }
  }

  /** Whether it is new or gone. */
  @Test
  void shouldRefuseAChangeOfATopicThatIsDenied() {
    // given
    namesrv.register(new FakeConnection(), "b", 0, ByHand.topics(1, DENIED));
    policy.letAllPass = true;
    DataVersion one = new DataVersion(1, 0, 1_700_000_000_000L);
    DataVersion two = new DataVersion(2, 0, 1_700_000_000_000L);
    TopicConfig topic = new TopicConfig(DENIED, 1, 1, 4, false, 0, false, Map.of());

    for (TopicUpdates change : List.of(
        new TopicUpdates(one, two, Map.of(DENIED, topic), List.of()),
        new TopicUpdates(one, two, Map.of(), List.of("T", DENIED)))) {
      // when
      FakeCall call = call(RequestCode.CHANGE_TOPICS)
          .with("clusterName", "DefaultCluster")
          .with("brokerAddr", "b-0.test:10911")
          .withBody(change.toBytes());
      String before = namesrv.route(DENIED).replyBody();
      table.dispatch(call);
      namesrv.loop.turn();

      // then
      assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
      assertThat(call.reply().remark()).contains(DENIED);
      assertThat(namesrv.route(DENIED).replyBody()).isEqualTo(before);
    }
  }

  @Test
  void shouldHaveACaseForEachRequestWhoseHandlerAsks() {
    assertThat(Arrays.stream(RequestCode.values()).filter(code -> table.asks(code.number())))
        .containsExactlyInAnyOrder(
            RequestCode.REGISTER_BROKER,
            RequestCode.CHANGE_TOPICS,
            RequestCode.REGISTER_TOPIC_IN_NAMESRV);
  }

  /** The broker of a topic is asked about in the turn of the route loop, which all others wait for. */
  @Test
  void shouldRefuseToRegisterATopicThatThePolicyFailsToJudgeAndGoOn() {
    // given
    namesrv.register(new FakeConnection(), "b", 0, ByHand.topics(1, "T"));
    policy.letAllPass = true;
    policy.fails = true;

    // when
    FakeCall failed = registerTopic("U", "b");
    policy.fails = false;
    FakeCall later = registerTopic("V", "b");

    // then
    assertThat(failed.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(failed.reply().remark()).contains("policy");
    assertThat(later.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(namesrv.route("U").replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(namesrv.route("V").replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  private FakeCall registerTopic(String topic, String broker) {
    FakeCall call = call(RequestCode.REGISTER_TOPIC_IN_NAMESRV)
        .with("topic", topic)
        .withBody("{\"queueDatas\":[{\"brokerName\":\"" + broker
            + "\",\"readQueueNums\":1,\"writeQueueNums\":1,\"perm\":6,\"topicSysFlag\":0}]}");
    table.dispatch(call);
    namesrv.loop.turn();
    return call;
  }

  private static FakeCall call(RequestCode code) {
    return new FakeCall(code)
        .with("topic", "t")
        .with("brokerName", "b")
        .with("brokerAddr", "127.0.0.1:10911")
        .with("clusterName", "c")
        .with("cluster", "c")
        .with("brokerId", 0)
        .with("namespace", "n")
        .with("key", "k")
        .with("value", "v");
  }

  /** Denies one name, and at first lets nothing else pass either. */
  private static final class Denying implements PolicyByName {

    private boolean letAllPass;
    private boolean fails; // when it is asked about a broker
    private @Nullable Object said;
    private @Nullable String denied;

    @Override
    public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
      return null;
    }

    @Override
    public @Nullable String refusal(Caller caller, Permission permission, Object read) {
      said = read;
      denied = PolicyByName.super.refusal(caller, permission, read);
      return denied == null && !letAllPass ? "not about it" : denied;
    }

    private static @Nullable String judge(@Nullable String name) {
      return DENIED.equals(name) ? name + " is not for you" : null;
    }

    @Override
    public @Nullable String refusalOfTopic(
        Caller caller, Permission permission, @Nullable String topic) {
      return judge(topic);
    }

    @Override
    public @Nullable String refusalOfGroup(
        Caller caller, Permission permission, @Nullable String group) {
      return judge(group);
    }

    @Override
    public @Nullable String refusalOfCluster(
        Caller caller, Permission permission, @Nullable String cluster) {
      return judge(cluster);
    }

    @Override
    public @Nullable String refusalOfBroker(Caller caller, Permission permission, String broker) {
      if (fails) {
        throw new IllegalStateException("no rules");
      }
      return judge(broker);
    }

    @Override
    public @Nullable String refusalOfKey(
        Caller caller, Permission permission, String namespace, @Nullable String key) {
      String refusal = judge(namespace);
      return refusal != null ? refusal : judge(key);
    }
  }
}
