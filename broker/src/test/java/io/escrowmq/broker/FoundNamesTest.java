package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.TurnedEngine;
import io.escrowmq.remoting.Caller;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Policy;
import io.escrowmq.remoting.PolicyByName;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Names that only turn up while a request is handled. Each request whose handler may find some is sent so that
 * it finds one that its caller is denied: it is refused, and nothing comes of it. The same request is taken
 * when nothing is denied.
 */
class FoundNamesTest {

  private static final String TOPIC = "secret";
  private static final String GROUP = "owners";
  private static final String TEMPLATE = "TBW102";
  private static final int COMMIT = 8;
  private static final int ROLLBACK = 12;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final BrokerCore core = TestCores.open(
      new TestSettings().build(),
      files,
      new StateFiles(files, Path.of("/data/state")),
      clock.surroundings(),
      newest -> {},
      64 << 20,
      new TurnedEngine(FlushMode.ASYNC, clock.surroundings()).maker());
  private final RequestTable open = core.requests();
  private final FakeConnection connection = new FakeConnection(1);
  private final Set<RequestCode> asked = EnumSet.noneOf(RequestCode.class);
  private int transactions;

  @AfterEach
  void close() {
    core.close();
  }

  /** A request is to be judged, which asks about a name that may be denied. */
  @FunctionalInterface
  private interface Judge {

    void of(String deniable, RequestCode code, Map<String, String> fields);
  }

  @Test
  void shouldRefuseEachRequestThatTurnsOutToBeAboutWhatIsDenied() {
    judgeAll(this::judgeDenied);
  }

  /** A policy is a program of others. */
  @Test
  void shouldRefuseEachRequestThatAPolicyFailsToJudgeAndServeTheOthers() {
    judgeAll(this::judgeFailing);
    assertThat(core.failure()).isNull();
  }

  private void judgeAll(Judge judge) {
    // given
    String message = send(TOPIC, "", "");
    ask(
        open,
        call(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP)
            .withBody("{\"groupName\":\"readers\"}"));

    // when, then: the topic that a send makes another one after
    for (RequestCode send : Set.of(
        RequestCode.SEND_MESSAGE, RequestCode.SEND_MESSAGE_V2, RequestCode.SEND_BATCH_MESSAGE)) {
      judge.of(TEMPLATE, send, Map.of("topic", "new-" + send, "b", "new-" + send));
    }

    // when, then: the topic of a message
    String position = Long.toString(position(message));
    judge.of(TOPIC, RequestCode.VIEW_MESSAGE_BY_ID, Map.of("offset", position));
    judge.of(
        TOPIC,
        RequestCode.CONSUMER_SEND_MSG_BACK,
        Map.of("offset", position, "group", "readers", "delayLevel", "1", "originTopic", "other"));
    judge.of(
        TOPIC,
        RequestCode.CONSUME_MESSAGE_DIRECTLY,
        Map.of("consumerGroup", "readers", "clientId", "c", "msgId", message, "topic", "other"));

    // when, then: the topic and the group of half-messages
    judge.of(TOPIC, RequestCode.END_TRANSACTION, end(half()));
    judge.of(TOPIC, RequestCode.DECIDE_TRANSACTION, decide(half()));
    judge.of(TOPIC, RequestCode.ORDER_TRANSACTION, order(half(), COMMIT));
    for (int how : new int[] {COMMIT, ROLLBACK}) {
      judge.of(GROUP, RequestCode.ORDER_TRANSACTION, order(half(), how));
    }
    judge.of(GROUP, RequestCode.RECHECK_TRANSACTION, Map.of("id", half().id(), "who", "w"));
    judge.of(
        GROUP, RequestCode.RESUME_CHECK_HALF_MESSAGE, Map.of("msgId", half().messageId()));
    for (String denied : Set.of(TOPIC, GROUP)) {
      Half shown = half();
      judge.of(denied, RequestCode.SHOW_TRANSACTION, Map.of("id", shown.id()));
      ask(open, call(RequestCode.END_TRANSACTION, end(shown)));
      judge.of(denied, RequestCode.SHOW_TRANSACTION, Map.of("id", shown.id()));
    }

    // then
    assertThat(asked)
        .as("requests whose handlers ask")
        .isEqualTo(Arrays.stream(RequestCode.values())
            .filter(code -> open.asks(code.number()))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(RequestCode.class))));
  }

  private void judgeDenied(String denied, RequestCode code, Map<String, String> fields) {
    long end = core.store.log().end();
    FakeCall refused = ask(open.behind(Gate.of(new Denying(denied))), call(code, fields));
    assertThat(refused.replyCode())
        .as("%s with %s where %s is denied", code, fields, denied)
        .isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(refused.reply().remark()).contains(denied);
    assertThat(core.store.log().end()).as("%s records nothing", code).isEqualTo(end);

    judgeTaken(code, fields, ask(open, call(code, fields)));
  }

  private void judgeTaken(RequestCode code, Map<String, String> fields, FakeCall taken) {
    assertThat(taken.replyCode())
        .as(
            "%s with %s where nothing is denied: %s",
            code, fields, taken.reply().remark())
        .isNotEqualTo(ResponseCode.NO_PERMISSION);
    asked.add(code);
  }

  private void judgeFailing(String name, RequestCode code, Map<String, String> fields) {
    for (int n = 1; ; n++) {
      Failing policy = new Failing(n);
      long end = core.store.log().end();
      FakeCall call = ask(open.behind(Gate.of(policy)), call(code, fields));
      if (policy.questions < n) { // it was not asked so often
        assertThat(n).as("%s asks about %s, too", code, name).isGreaterThan(3);
        judgeTaken(code, fields, call);
        return;
      }
      assertThat(call.replyCode())
          .as(
              "%s with %s when question %d fails: %s",
              code, fields, n, call.reply().remark())
          .isEqualTo(ResponseCode.NO_PERMISSION);
      assertThat(core.store.log().end()).as("%s records nothing", code).isEqualTo(end);
      send(TOPIC, "", "");
    }
  }

  private FakeCall ask(RequestTable table, FakeCall call) {
    table.dispatch(call);
    boolean moved;
    do {
      moved = core.store.loop().turn() > 0;
      moved |= core.transactions.answers().turn() > 0;
    } while (moved);
    return call;
  }

  private FakeCall call(RequestCode code) {
    return new FakeCall(code, connection)
        .withBody("body")
        .with("producerGroup", GROUP)
        .with("a", GROUP)
        .with("defaultTopic", TEMPLATE)
        .with("c", TEMPLATE)
        .with("defaultTopicQueueNums", 1)
        .with("d", 1)
        .with("queueId", 0)
        .with("e", 0)
        .with("sysFlag", 0)
        .with("f", 0)
        .with("bornTimestamp", 0)
        .with("g", 0)
        .with("flag", 0)
        .with("h", 0);
  }

  private FakeCall call(RequestCode code, Map<String, String> fields) {
    FakeCall call = call(code);
    fields.forEach(call::with);
    return call;
  }

  private String send(String topic, String properties, String sysFlag) {
    FakeCall sent = ask(
        open,
        call(RequestCode.SEND_MESSAGE)
            .with("topic", topic)
            .with("properties", properties)
            .with("sysFlag", sysFlag.isEmpty() ? "0" : sysFlag));
    assertThat(sent.replyCode()).as(sent.reply().remark()).isEqualTo(ResponseCode.SUCCESS);
    return Objects.requireNonNull(sent.replyFields().get("msgId"));
  }

  private static long position(String messageId) {
    return Objects.requireNonNull(MessageId.parse(messageId)).position();
  }

  private record Half(String messageId, String name) {

    String id() {
      return Long.toString(position(messageId));
    }
  }

  private Half half() {
    String name = "x" + ++transactions;
    String properties = "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP + "\u0002"
        + PropertyNames.ESCROW_TRANSACTION + "\u0001" + name + "\u0002";
    return new Half(send(TOPIC, properties, "4"), name);
  }

  private static Map<String, String> end(Half half) {
    return Map.of(
        "commitLogOffset", half.id(),
        "tranStateTableOffset", "0",
        "msgId", "U",
        "commitOrRollback", Integer.toString(COMMIT),
        "topic", "other");
  }

  private static Map<String, String> decide(Half half) {
    return Map.of(
        "transaction", half.name(),
        "halfMessages", "1",
        "commitOrRollback", Integer.toString(COMMIT));
  }

  private static Map<String, String> order(Half half, int how) {
    return Map.of(
        "id", half.id(), "commitOrRollback", Integer.toString(how), "who", "w", "reason", "r");
  }

  /** Denies one name, whatever it is the name of. */
  private record Denying(String name) implements PolicyByName {

    @Override
    public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
      return null;
    }

    private @Nullable String judge(@Nullable String other) {
      return name.equals(other) ? name + " is not for you" : null;
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
      return judge(broker);
    }

    @Override
    public @Nullable String refusalOfKey(
        Caller caller, Permission permission, String namespace, @Nullable String key) {
      return judge(key);
    }
  }

  /** Fails at one of the questions that it is asked. */
  private static final class Failing implements Policy {

    private final int failsAt;
    private int questions;

    Failing(int failsAt) {
      this.failsAt = failsAt;
    }

    @Override
    public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
      return judge();
    }

    @Override
    public @Nullable String refusal(Caller caller, Permission permission, Object said) {
      return judge();
    }

    private @Nullable String judge() {
      questions++;
      if (questions == failsAt && questions % 2 == 0) {
        throw new StackOverflowError();
      }
      if (questions == failsAt) {
        throw new IllegalStateException("no rules");
      }
      return null;
    }
  }
}
