package io.escrowmq.broker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReplyHandlerTest {

  private static final String TOPIC = "replies";
  private static final int MOST_BYTES = 1 << 20;

  private final TestLog broker = new TestLog();
  private final ClientRegistry clients = new ClientRegistry(HeapBudget.unbounded());
  private final ReplyHandler replies = new ReplyHandler(
      new Replies(broker.topics, clients, MOST_BYTES, broker.clock), "10.0.0.9:10911");
  private final FakeConnection responder = new FakeConnection(1);
  private final FakeConnection requester = new FakeConnection(2);

  @BeforeEach
  void start() {
    broker.createTopic(TOPIC, 1);
    clients.registerProducer("askers", TestMembers.of("asker@1", requester, 0));
    requester.answering(request -> answer(0));
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldHandTheReplyToTheConnectionOfTheClientThatAsked() {
    // when
    FakeCall call = reply("asker@1", "the answer");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(call.replyFields()).containsEntry("msgId", "0").containsEntry("queueOffset", "0");
    Request pushed = requester.called().get(0);
    assertThat(pushed.code()).isEqualTo(RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT);
    assertThat(body(pushed)).isEqualTo("the answer");
    Map<String, String> fields = FakeCall.textOf(pushed.header());
    assertThat(fields)
        .containsEntry("topic", TOPIC)
        .containsEntry("producerGroup", "responders")
        .containsEntry("bornHost", "127.0.0.1:1")
        .containsEntry("storeHost", "10.0.0.9:10911")
        .containsEntry("storeTimestamp", Long.toString(broker.clock.millis()));
    assertThat(fields.get("properties"))
        .contains("CORRELATION_ID\u0001c-1\u0002")
        .contains("PUSH_REPLY_TIME\u0001" + broker.clock.millis());
  }

  @Test
  void shouldTellTwoRequestersOfOneGroupApart() {
    // given
    FakeConnection other = new FakeConnection(3);
    other.answering(request -> answer(0));
    clients.registerProducer("askers", TestMembers.of("asker@2", other, 0));

    // when
    reply("asker@2", "for the second");

    // then
    assertThat(other.called()).hasSize(1);
    assertThat(requester.called()).isEmpty();
  }

  @Test
  void shouldTakeTheNewestConnectionOfAClientAndThenTheOneThatIsLeft() {
    // given
    FakeConnection newer = new FakeConnection(3);
    newer.answering(request -> answer(0));
    clients.registerProducer("askers", TestMembers.of("asker@1", newer, 0));

    // when
    reply("asker@1", "newest");
    newer.close();
    clients.closed(newer);
    FakeCall inBetween = reply("asker@1", "nobody");
    clients.registerProducer("askers", TestMembers.of("asker@1", requester, 0));
    reply("asker@1", "left");

    // then
    assertThat(newer.called()).extracting(ReplyHandlerTest::body).containsExactly("newest");
    assertThat(inBetween.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(requester.called()).extracting(ReplyHandlerTest::body).containsExactly("left");
  }

  @Test
  void shouldRefuseReplyToAClientThatIsGone() {
    // given
    clients.unregister(requester, "askers", null);

    // when
    FakeCall call = reply("asker@1", "late");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains("asker@1").contains("connected");
  }

  @ParameterizedTest
  @EnumSource(RemotingException.Reason.class)
  void shouldRefuseReplyThatTheRequesterDoesNotTake(RemotingException.Reason reason) {
    // given
    requester.failing(reason);

    // when
    FakeCall call = reply("asker@1", "body");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains("asker@1").contains("10 s");
  }

  @Test
  void shouldRefuseReplyThatTheRequesterRefuses() {
    // given
    requester.answering(request -> answer(1));

    // then
    assertThat(reply("asker@1", "body").replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere, 0, 10, TOPIC_NOT_EXIST, nowhere",
    "replies, 1, 10, INVALID_PARAMETER, no queue 1",
    "replies, 0, 1048577, MESSAGE_ILLEGAL, 1048576",
  })
  void shouldRefuseReplyByName(
      String topic, int queueId, int bytes, ResponseCode code, String inRemark) {
    // when
    FakeCall call = new FakeCall(RequestCode.SEND_REPLY_MESSAGE_V2, responder);
    replies.accept(call.withBody(new byte[bytes]), header(topic, queueId, properties("asker@1")));

    // then
    assertThat(call.replyCode()).isEqualTo(code);
    assertThat(call.reply().remark()).contains(inRemark);
    assertThat(requester.called()).isEmpty();
  }

  @Test
  void shouldRefuseReplyThatSaysNotWhoAsked() {
    // when
    FakeCall call = new FakeCall(RequestCode.SEND_REPLY_MESSAGE_V2, responder);
    replies.accept(call, header(TOPIC, -1, "CORRELATION_ID\u0001c\u0002"));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains("REPLY_TO_CLIENT");
  }

  @Test
  void shouldBoundTheRepliesThatNoRequesterHasTaken() {
    // given
    CompletableFuture<Answer> held = new CompletableFuture<>();
    for (int i = 0; i < 5; i++) {
      requester("idle@" + i, held);
    }
    String mebibyte = "x".repeat(MOST_BYTES);

    // when
    for (int i = 0; i < 31; i++) {
      assertThat(reply("idle@" + i % 5, mebibyte).isAnswered()).isFalse();
    }
    FakeCall one = reply("idle@1", mebibyte);
    held.complete(answer(0));
    FakeCall after = reply("idle@1", mebibyte);

    // then
    assertThat(one.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(one.reply().remark()).contains("33554432");
    assertThat(after.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldBringRepliesToOthersWhenOneRequesterTakesNone() {
    // given
    CompletableFuture<Answer> held = new CompletableFuture<>();
    requester("idle@1", held);
    String mebibyte = "x".repeat(MOST_BYTES);
    for (int i = 0; i < 7; i++) {
      assertThat(reply("idle@1", mebibyte).isAnswered()).isFalse();
    }

    // when
    FakeCall one = reply("idle@1", mebibyte);
    FakeCall others = reply("asker@1", mebibyte);
    held.complete(answer(0));
    FakeCall after = reply("idle@1", mebibyte);

    // then
    assertThat(one.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(one.reply().remark()).contains("8388608");
    assertThat(others.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(after.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  private void requester(String clientId, CompletableFuture<Answer> answer) {
    FakeConnection connection = new FakeConnection(50);
    connection.answeringLater(request -> answer);
    clients.registerProducer("askers", TestMembers.of(clientId, connection, 0));
  }

  private FakeCall reply(String clientId, String body) {
    FakeCall call = new FakeCall(RequestCode.SEND_REPLY_MESSAGE_V2, responder).withBody(body);
    replies.accept(call, header(TOPIC, 0, properties(clientId)));
    return call;
  }

  private static String properties(String clientId) {
    return "CORRELATION_ID\u0001c-1\u0002REPLY_TO_CLIENT\u0001" + clientId
        + "\u0002MSG_TYPE\u0001reply\u0002";
  }

  private SendMessageHeader header(String topic, int queueId, String properties) {
    return new SendMessageHeader(
        "responders", topic, "TBW102", 4, queueId, 0, 7, 0, properties, 0, false, -1, false);
  }

  private static Answer answer(int code) {
    return new Answer(code, 513, null, new FakeCall(RequestCode.HEART_BEAT).fields(), new byte[0]);
  }

  private static String body(Request request) {
    ByteBuffer bytes = ByteBuffer.allocate(request.body().length());
    request.body().writeTo(bytes);
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }
}
