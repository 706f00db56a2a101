package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientHandlerTest {

  private final TestConsumers consumers = new TestConsumers();
  private final FakeConnection first = new FakeConnection(1);
  private final FakeConnection second = new FakeConnection(2);

  @AfterEach
  void close() {
    consumers.close();
  }

  private FakeCall members(String group) {
    return consumers.ask(
        new FakeCall(RequestCode.GET_CONSUMER_LIST_BY_GROUP).with("consumerGroup", group));
  }

  @Test
  void shouldCreateGroupAndRetryTopicBeforeTheFirstHeartbeatIsAnswered() {
    // when
    FakeCall call = consumers.beat("a", first, "g", "T");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(call.replyFields()).containsEntry("IS_SUPPORT_HEART_BEAT_V2", "false");
    assertThat(consumers.broker.groups.find("g")).isEqualTo(Group.withDefaults("g"));
    assertThat(consumers.broker.topics.find("%RETRY%g"))
        .isEqualTo(Topic.of("%RETRY%g", 1, Topic.READ | Topic.WRITE));
    assertThat(consumers.topicsChanged).isEqualTo(1);
  }

  @Test
  void shouldRecordNothingWhenAHeartbeatRepeatsItself() {
    // given
    consumers.beat("a", first, "g", "T");
    long end = consumers.broker.log.end();

    // when
    consumers.beat("a", first, "g", "T");

    // then
    assertThat(consumers.broker.log.end()).isEqualTo(end);
    assertThat(consumers.topicsChanged).isEqualTo(1);
  }

  @Test
  void shouldListMembersAndTellThemOfOneAnother() {
    // given
    consumers.beat("b", first, "g", "T");

    // when
    consumers.beat("a", second, "g", "T");

    // then
    byte[] body = members("g").replyBody().getBytes(StandardCharsets.UTF_8);
    assertThat(ConsumerIds.read(body).clientIds()).containsExactly("a", "b");
    assertThat(first.notified())
        .hasSize(2)
        .allMatch(request -> request.code() == RequestCode.NOTIFY_CONSUMER_IDS_CHANGED);
    Request notice = second.notified().get(0);
    assertThat(FakeCall.textOf(notice.header())).containsEntry("consumerGroup", "g");
  }

  @Test
  void shouldTellNobodyInGroupThatIsBroadcastTo() {
    // when
    consumers.beat("a", first, "g", "BROADCASTING", List.of(TestConsumers.wanting("T", "*", 1)));

    // then
    assertThat(first.notified()).isEmpty();
  }

  @Test
  void shouldTellTheOthersWhenAMemberUnregistersOrItsConnectionCloses() {
    // given
    FakeConnection third = new FakeConnection(3);
    consumers.beat("a", first, "g", "T");
    consumers.beat("b", second, "g", "T");
    consumers.beat("c", third, "g", "T");
    int before = first.notified().size();

    // when
    second.close();
    FakeCall unregister = consumers.ask(new FakeCall(RequestCode.UNREGISTER_CLIENT, third)
        .with("clientID", "c")
        .with("consumerGroup", "g"));

    // then
    assertThat(unregister.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(first.notified()).hasSize(before + 2);
    assertThat(members("g").replyBody()).isEqualTo("{\"consumerIdList\":[\"a\"]}");
  }

  @Test
  void shouldLetAMemberThatHasLeftLockAgainOnlyAfterItsNextHeartbeat() {
    // given
    QueueLocks.Queue queue = new QueueLocks.Queue("T", 0);
    consumers.beat("a", first, "g", "T");
    consumers.ask(new FakeCall(RequestCode.UNREGISTER_CLIENT, first)
        .with("clientID", "a")
        .with("consumerGroup", "g"));

    // when
    boolean late = consumers.locks.lock("g", queue, "a", 0);
    consumers.beat("a", first, "g", "T");

    // then
    assertThat(late).isFalse();
    assertThat(consumers.locks.lock("g", queue, "a", 0)).isTrue();
  }

  @Test
  void shouldRefuseListOfGroupThatIsNotOnline() {
    assertThat(members("nobody").replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(members("nobody").reply().remark()).contains("nobody");
  }

  @Test
  void shouldLetGoOfClientsThatAreSilent() {
    // given
    consumers.beat("a", first, "g", "T");
    consumers.broker.clock.advance(121_000);

    // when
    consumers.members.dropSilent();

    // then
    assertThat(consumers.clients.consumers("g")).isNull();
  }

  @Test
  void shouldSkipGroupThatMayNotBeCreated() {
    // when
    FakeCall call = consumers.beat("a", first, "bad group", "T");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.clients.consumers("bad group")).isNull();
    assertThat(consumers.clients.producers("CLIENT_INNER_PRODUCER")).hasSize(1);
  }

  @Test
  void shouldRefuseTooManySubscriptionsAndNameTheLimit() {
    // when
    FakeCall call = consumers.beat(
        "a",
        first,
        "g",
        "CLUSTERING",
        Collections.nCopies(10_001, TestConsumers.wanting("T", "*", 1)));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(call.reply().remark()).contains("10001").contains("10000");
  }

  @Test
  void shouldTakeAHeartbeatOfWhichOneSubscriptionCannotBeRead() {
    // when
    FakeCall call = consumers.beat(
        "a",
        first,
        "g",
        "CLUSTERING",
        List.of(TestConsumers.wanting("T", "||", 1), TestConsumers.wanting("U", "a", 1)));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.clients.subscription("g", "T").trouble()).contains("names no tag");
    assertThat(consumers.clients.subscription("g", "U").trouble()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "TAG, a, SUCCESS",
    "SQL92, a > 5, SUCCESS",
    "SQL92, a >, SUBSCRIPTION_PARSE_FAILED",
    "OTHER, a, SUBSCRIPTION_PARSE_FAILED",
  })
  void shouldSayWhetherItCanFilterWhenAConsumerAsksBeforeItStarts(
      String type, String expression, ResponseCode code) {
    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.CHECK_CLIENT_CONFIG)
        .withBody("{\"clientId\":\"c\",\"group\":\"g\",\"subscriptionData\":{\"topic\":\"T\","
            + "\"subString\":\"" + expression + "\",\"expressionType\":\"" + type + "\"}}"));

    // then
    assertThat(call.replyCode()).isEqualTo(code);
  }

  @Test
  void shouldRefuseBodyThatIsNoHeartbeat() {
    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.HEART_BEAT).withBody("[1,"));

    // then
    assertThat(call.replyCode()).isNotEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldRefuseEveryNameOfAHeartbeatThatIsTooLong() {
    for (String what : List.of("client", "producer", "group", "topic", "word")) {
      int limit = what.equals("word") ? 64 : 255;

      // when
      FakeCall longest = consumers.ask(heartbeat(what, limit));
      FakeCall tooLong = consumers.ask(heartbeat(what, limit + 1));

      // then
      assertThat(longest.replyCode()).as(what).isEqualTo(ResponseCode.SUCCESS);
      assertThat(tooLong.replyCode()).as(what).isEqualTo(ResponseCode.INVALID_PARAMETER);
      assertThat(tooLong.reply().remark())
          .as(what)
          .contains((limit + 1) + " characters")
          .contains(limit + " are allowed");
    }
  }

  private FakeCall heartbeat(String what, int length) {
    String name = "n".repeat(length);
    ConsumerEntry consumer = new ConsumerEntry(
        what.equals("group") ? name : "g",
        what.equals("word") ? name : "CONSUME_PASSIVELY",
        "CLUSTERING",
        "CONSUME_FROM_LAST_OFFSET",
        List.of(TestConsumers.wanting(what.equals("topic") ? name : "T", "*", 1)),
        false);
    Heartbeat heartbeat = new Heartbeat(
        what.equals("client") ? name : "c",
        List.of(consumer),
        List.of(what.equals("producer") ? name : "p"),
        0,
        false);
    return new FakeCall(RequestCode.HEART_BEAT, first).withBody(heartbeat.toBytes());
  }

  @Test
  void shouldKeepNothingOfNamesThatAreTooLongWhenClientsLeaveOrLock() {
    // given
    String longest = "n".repeat(255);
    for (String field : List.of("clientID", "consumerGroup")) {
      for (String name : List.of(longest, longest + "n")) {
        // when
        FakeCall leaving = consumers.ask(new FakeCall(RequestCode.UNREGISTER_CLIENT, first)
            .with("clientID", "c")
            .with("consumerGroup", "g")
            .with(field, name));
        QueueLock lock = new QueueLock(
            field.equals("consumerGroup") ? name : "g",
            field.equals("clientID") ? name : "c",
            List.of(),
            false);
        FakeCall locking =
            consumers.ask(new FakeCall(RequestCode.LOCK_BATCH_MQ, first).withBody(lock.toBytes()));

        // then
        ResponseCode expected =
            name.length() == 255 ? ResponseCode.SUCCESS : ResponseCode.INVALID_PARAMETER;
        assertThat(leaving.replyCode()).as(field).isEqualTo(expected);
        assertThat(locking.replyCode()).as(field).isEqualTo(expected);
      }
    }
  }
}
