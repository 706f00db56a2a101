package io.escrowmq.client.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Filter;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.member.GroupSubscriptions;
import io.escrowmq.client.member.Inspection;
import io.escrowmq.client.pull.ConsumerLimits;
import io.escrowmq.client.pull.StoredMessages;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators' questions, from the request to the answer, about a consumer that has pulled messages. */
final class InspectionTest {

  private static final String QUEUE = "{\"brokerName\":\"a\",\"queueId\":0,\"topic\":\"orders\"}";

  private final FakeConsumer fake = new FakeConsumer();
  private final ConsumerParts parts = fake.parts(ConsumerLimits.DEFAULT);
  private final ConcurrentQueue queue =
      new ConcurrentQueue(StoredMessages.QUEUE, Set.of(), parts, fake, fake.timer);
  private final ServerRequests requests = new ServerRequests((header, body) -> {});

  @BeforeEach
  void pullThreeMessages() {
    fake.woken = queue;
    queue.begin(5);
    fake.bring(8);
    inspect("stock", new DirectHandler(parts, false, fake.timer));
  }

  private void inspect(String group, @Nullable DirectHandler handling) {
    GroupSubscriptions subscriptions = new GroupSubscriptions(
        group, "CONSUME_PASSIVELY", false, StartFrom.begin(), Map.of("orders", Filter.all()), 1);
    requests.listen(
        group,
        new Deaf(),
        new Inspection(
            subscriptions,
            Map.of("PROP_CONSUMEORDERLY", "false"),
            77,
            () -> Map.of(StoredMessages.QUEUE, queue.running()),
            handling));
  }

  private FakeCall ask(FakeCall call) {
    requests.table().dispatch(call);
    return call;
  }

  private FakeCall progress(String topic) {
    return ask(new FakeCall(RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT)
        .with("group", "stock")
        .with("topic", topic));
  }

  private FakeCall running(boolean withStacks) {
    return ask(new FakeCall(RequestCode.GET_CONSUMER_RUNNING_INFO)
        .with("consumerGroup", "stock")
        .with("clientId", "me")
        .with("jstackEnable", withStacks));
  }

  /** Has the message of this offset handled, which nobody has pulled. */
  private FakeCall handle(String group, long offset) {
    return ask(new FakeCall(RequestCode.CONSUME_MESSAGE_DIRECTLY)
        .with("consumerGroup", group)
        .with("brokerName", "a")
        .withBody(StoredMessages.message(new TopicQueue("orders", "a", 0), offset, 0, "")));
  }

  @Test
  void shouldTellHowFarItIs() {
    // when, then
    assertThat(progress("orders").replyBody())
        .isEqualTo("{\"consumerTable\":{},\"messageQueueTable\":{" + QUEUE + ":5}}");
    fake.work();
    assertThat(progress("orders").replyBody()).contains(QUEUE + ":8");
    assertThat(progress("others").replyBody()).contains("\"messageQueueTable\":{}");
  }

  @Test
  void shouldTellWhatItHasPulled() {
    // given
    long pulled = fake.timer.millis();
    fake.timer.advance(Duration.ofMillis(500));

    // when
    String waiting = running(false).replyBody();
    fake.work();
    String done = running(false).replyBody();

    // then
    assertThat(waiting)
        .contains("\"mqTable\":{" + QUEUE + ":{\"cachedMsgCount\":3,\"cachedMsgMaxOffset\":7,"
            + "\"cachedMsgMinOffset\":5,\"cachedMsgSizeInMiB\":0,\"commitOffset\":5,"
            + "\"lastConsumeTimestamp\":" + pulled + ",\"lastPullTimestamp\":" + pulled
            + ",\"locked\":false}}")
        .doesNotContain("jstack");
    assertThat(done)
        .contains("\"cachedMsgCount\":0,\"cachedMsgMaxOffset\":0,\"cachedMsgMinOffset\":0,"
            + "\"cachedMsgSizeInMiB\":0,\"commitOffset\":8,\"lastConsumeTimestamp\":"
            + (pulled + 500));
  }

  @Test
  void shouldTellHowItConsumes() {
    // when
    String told = running(true).replyBody();

    // then
    assertThat(told)
        .contains("\"PROP_CONSUME_TYPE\":\"CONSUME_PASSIVELY\"")
        .contains("\"PROP_CONSUMEORDERLY\":\"false\"")
        .contains("\"PROP_CONSUMER_START_TIMESTAMP\":\"77\"")
        .contains("\"topic\":\"%RETRY%stock\"")
        .contains("InspectionTest.shouldTellHowItConsumes");
  }

  @Test
  void shouldHandleAMessageBeforeAllThatWait() {
    // when
    FakeCall call = handle("stock", 99);
    fake.work();

    // then
    assertThat(fake.handled).startsWith("m99#1").hasSize(4);
    assertThat(call.replyBody())
        .isEqualTo("{\"autoCommit\":true,\"consumeResult\":\"CR_SUCCESS\",\"order\":false,"
            + "\"spentTimeMills\":0}");
    assertThat(queue.done()).isEqualTo(8);
  }

  @Test
  void shouldTellAnOperatorHowTheHandlerEnded() {
    // given
    fake.verdicts.put("m98", Verdict.retry());
    fake.whileHandling.put("m99", () -> {
      throw new IllegalStateException("out of stock");
    });

    // when
    FakeCall later = handle("stock", 98);
    FakeCall thrown = handle("stock", 99);
    fake.work();

    // then
    assertThat(later.replyBody()).contains("\"CR_LATER\"").contains("RETRY");
    assertThat(thrown.replyBody()).contains("\"CR_THROW_EXCEPTION\"").contains("out of stock");
    assertThat(fake.givenBack).isEmpty();
  }

  @Test
  void shouldHandleNothingWhilePaused() {
    // given
    parts.handlers().pause();

    // when
    FakeCall refused = handle("stock", 99);
    parts.handlers().resume();
    FakeCall taken = handle("stock", 99);
    fake.work();

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(refused.reply().remark()).contains("paused");
    assertThat(taken.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldLetOnlySomeMessagesWaitBesideTheQueues() {
    // given
    for (int i = 0; i < 16; i++) {
      assertThat(handle("stock", i).isAnswered()).isFalse();
    }

    // when
    FakeCall tooMuch = handle("stock", 99);
    fake.work();
    FakeCall afterwards = handle("stock", 99);
    fake.work();

    // then
    assertThat(tooMuch.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(afterwards.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldRefuseWhatNothingHereHandles() {
    // given
    inspect("polled", null);

    // when, then
    assertThat(handle("polled", 99).reply().remark()).contains("polls");
    assertThat(handle("unknown", 99).reply().remark()).contains("unknown");
    requests.forget("stock");
    assertThat(running(false).replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(progress("orders").replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
  }

  /** Is told nothing here. */
  private static final class Deaf implements ServerRequests.GroupListener {

    @Override
    public void membersChanged() {}

    @Override
    public void offsetsReset(Map<MessageQueue, Long> offsets) {}
  }
}
