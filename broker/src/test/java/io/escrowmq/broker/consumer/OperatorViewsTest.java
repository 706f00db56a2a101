package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.ConsumeStats;
import io.escrowmq.remoting.body.ConsumerConnections;
import io.escrowmq.remoting.body.ConsumerStatus;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorViewsTest {

  private final TestConsumers consumers = new TestConsumers();
  private final FakeConnection client = new FakeConnection(5);

  @BeforeEach
  void connect() {
    consumers.broker.createTopic("T", 2);
    consumers.beat("c", client, "g", "T", "%RETRY%g");
  }

  @AfterEach
  void close() {
    consumers.close();
  }

  private FakeCall ask(RequestCode code, String... fields) {
    FakeCall call = new FakeCall(code);
    for (int i = 0; i < fields.length; i += 2) {
      call.with(fields[i], fields[i + 1]);
    }
    return consumers.ask(call);
  }

  private static byte[] bytes(FakeCall call) {
    return call.replyBody().getBytes(StandardCharsets.UTF_8);
  }

  private static Answer answer(int code, String body) {
    return new Answer(
        code,
        513,
        null,
        new FakeCall(RequestCode.HEART_BEAT).fields(),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldShowConsumersOfGroup() {
    // when
    FakeCall call = ask(RequestCode.GET_CONSUMER_CONNECTION_LIST, "consumerGroup", "g");

    // then
    ConsumerConnections shown = ConsumerConnections.read(bytes(call));
    assertThat(shown.connections()).hasSize(1);
    assertThat(shown.connections().get(0).clientId()).isEqualTo("c");
    assertThat(shown.connections().get(0).clientAddress()).isEqualTo("127.0.0.1:5");
    assertThat(shown.connections().get(0).version()).isEqualTo(513);
    assertThat(shown.subscriptions()).containsOnlyKeys("T", "%RETRY%g");
    assertThat(shown.consumeType()).isEqualTo("CONSUME_PASSIVELY");
  }

  @Test
  void shouldSayThatGroupIsNotOnline() {
    assertThat(
            ask(RequestCode.GET_CONSUMER_CONNECTION_LIST, "consumerGroup", "h").replyCode())
        .isEqualTo(ResponseCode.CONSUMER_NOT_ONLINE);
    assertThat(
            ask(RequestCode.GET_PRODUCER_CONNECTION_LIST, "producerGroup", "h").replyCode())
        .isEqualTo(ResponseCode.SYSTEM_ERROR);
  }

  @Test
  void shouldShowProducers() {
    // when
    FakeCall one =
        ask(RequestCode.GET_PRODUCER_CONNECTION_LIST, "producerGroup", "CLIENT_INNER_PRODUCER");
    FakeCall all = ask(RequestCode.GET_ALL_PRODUCER_INFO);

    // then
    assertThat(one.replyBody()).contains("\"clientId\":\"c\"");
    assertThat(all.replyBody()).contains("CLIENT_INNER_PRODUCER").contains("\"remoteIP\"");
  }

  @Test
  void shouldShowHowFarGroupHasCome() {
    // given
    consumers.broker.send("T", 0, "a", "", 0);
    long time = consumers.broker.clock.millis();
    consumers.broker.clock.advance(500);
    consumers.broker.send("T", 0, "b", "", 0);
    consumers.broker.offsets.report("g", "T", 0, 1);

    // when
    FakeCall call = ask(RequestCode.GET_CONSUME_STATS, "consumerGroup", "g", "topic", "");

    // then
    assertThat(ConsumeStats.read(bytes(call)).queues())
        .isEqualTo(Map.of(
            new MessageQueue("T", "broker-a", 0),
            new ConsumeStats.QueueProgress(2, 1, 1, time),
            new MessageQueue("T", "broker-a", 1),
            new ConsumeStats.QueueProgress(0, 0, 0, 0)));
  }

  @Test
  void shouldLeaveOutTopicThatOnlineGroupHasGivenUp() {
    // given
    consumers.broker.createTopic("Old", 1);
    consumers.broker.offsets.report("g", "Old", 0, 1);

    // when
    FakeCall call = ask(RequestCode.GET_CONSUME_STATS, "consumerGroup", "g");

    // then
    assertThat(ConsumeStats.read(bytes(call)).queues()).isEmpty();
  }

  @Test
  void shouldShowAllGroupsTheirDistanceAndWhoConsumesATopic() {
    // given
    consumers.broker.send("T", 0, "a", "", 0);
    consumers.broker.offsets.report("h", "T", 0, 0);

    // then
    assertThat(ask(RequestCode.GET_BROKER_CONSUME_STATS, "isOrder", "false").replyBody())
        .contains("\"brokerAddr\":\"127.0.0.1:10911\"")
        .contains("\"totalDiff\":1");
    assertThat(ask(RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, "topic", "T").replyBody())
        .isEqualTo("{\"groupList\":[\"g\",\"h\"]}");
    assertThat(ask(RequestCode.QUERY_TOPICS_BY_CONSUMER, "group", "h").replyBody())
        .contains("\"topicList\":[\"T\"]");
    assertThat(
            ask(RequestCode.QUERY_CONSUME_TIME_SPAN, "topic", "T", "group", "h").replyBody())
        .contains("consumeTimeSpanSet");
    assertThat(ask(RequestCode.QUERY_SUBSCRIPTION_BY_CONSUMER, "group", "g", "topic", "T")
            .replyBody())
        .contains("\"subString\":\"*\"");
  }

  @Test
  void shouldPassRunningInfoThroughUnread() {
    // given
    String unreadable = "{\"mqTable\":{{\"queueId\":0}:{}}}";
    client.answering(request -> answer(0, unreadable));

    // when
    FakeCall call =
        ask(RequestCode.GET_CONSUMER_RUNNING_INFO, "consumerGroup", "g", "clientId", "c", "x", "y");

    // then
    assertThat(call.replyBody()).isEqualTo(unreadable);
    assertThat(FakeCall.textOf(client.called().get(0).header()))
        .containsEntry("clientId", "c")
        .containsEntry("x", "y");
  }

  @Test
  void shouldSayWhenClientDoesNotAnswerOrIsNotThere() {
    // given
    client.failing(RemotingException.Reason.TIMED_OUT);

    // then
    assertThat(ask(RequestCode.GET_CONSUMER_RUNNING_INFO, "consumerGroup", "g", "clientId", "c")
            .replyCode())
        .isEqualTo(ResponseCode.CONSUME_MSG_TIMEOUT);
    assertThat(ask(RequestCode.GET_CONSUMER_RUNNING_INFO, "consumerGroup", "g", "clientId", "d")
            .replyCode())
        .isEqualTo(ResponseCode.SYSTEM_ERROR);
  }

  @Test
  void shouldHandMessageToClientThatIsToConsumeItDirectly() {
    // given
    long position = consumers.broker.send("T", 0, "hello", "", 0);
    client.answering(request -> answer(0, "{\"consumeResult\":\"CR_SUCCESS\"}"));

    // when
    FakeCall call = ask(
        RequestCode.CONSUME_MESSAGE_DIRECTLY,
        "consumerGroup",
        "g",
        "clientId",
        "c",
        "msgId",
        new MessageId(TestLog.STORE_HOST, position).text());

    // then
    assertThat(call.replyBody()).contains("CR_SUCCESS");
    Request asked = client.called().get(0);
    assertThat(FakeCall.textOf(asked.header())).containsEntry("brokerName", "broker-a");
    assertThat(message(asked.body()).position()).isEqualTo(position);
  }

  private static MessageView message(Body body) {
    ByteBuffer bytes = ByteBuffer.allocate(body.length());
    body.writeTo(bytes);
    return MessageView.of(bytes.array());
  }

  @Test
  void shouldGatherWhatClientsSayOfThemselves() {
    // given
    FakeConnection silent = new FakeConnection(6);
    consumers.beat("d", silent, "g", "T", "%RETRY%g");
    client.answering(request -> answer(
        0,
        "{\"messageQueueTable\":{{\"brokerName\":\"broker-a\",\"queueId\":1,\"topic\":\"T\"}:7}}"));

    // when
    FakeCall call =
        ask(RequestCode.INVOKE_BROKER_TO_GET_CONSUMER_STATUS, "topic", "T", "group", "g");

    // then
    assertThat(ConsumerStatus.read(bytes(call)).clients())
        .isEqualTo(Map.of("c", Map.of(new MessageQueue("T", "broker-a", 1), 7L)));
  }

  @Test
  void shouldLockQueuesThatExistForOneClientAtATime() {
    // given
    MessageQueue queue = new MessageQueue("T", "broker-a", 0);
    MessageQueue missing = new MessageQueue("T", "broker-a", 9);
    byte[] ofC = new QueueLock("g", "c", List.of(queue, missing), false).toBytes();
    byte[] ofD = new QueueLock("g", "d", List.of(queue), false).toBytes();

    // when
    FakeCall first = consumers.ask(new FakeCall(RequestCode.LOCK_BATCH_MQ).withBody(ofC));
    FakeCall second = consumers.ask(new FakeCall(RequestCode.LOCK_BATCH_MQ).withBody(ofD));
    consumers.ask(new FakeCall(RequestCode.UNLOCK_BATCH_MQ).withBody(ofC).asOneWay());
    FakeCall third = consumers.ask(new FakeCall(RequestCode.LOCK_BATCH_MQ).withBody(ofD));

    // then
    assertThat(LockedQueues.read(bytes(first)).queues()).containsExactly(queue);
    assertThat(LockedQueues.read(bytes(second)).queues()).isEmpty();
    assertThat(LockedQueues.read(bytes(third)).queues()).containsExactly(queue);
  }
}
