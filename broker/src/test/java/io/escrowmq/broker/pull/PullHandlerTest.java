package io.escrowmq.broker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerProfile;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.store.RecordKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullHandlerTest {

  private static final int WAIT_MILLIS = 15_000;

  private final TestLog broker = new TestLog();
  private final FakeConnection connection = new FakeConnection();
  private final ClientRegistry clients = new ClientRegistry(HeapBudget.unbounded());
  private final Traffic traffic = new Traffic();
  private PullHandler pulls = pulls(OffsetBeyondEnd.RECORDED);

  private PullHandler pulls(OffsetBeyondEnd beyondEnd) {
    return TestPulls.over(broker, clients, PullSettings.DEFAULT, beyondEnd, traffic);
  }

  @BeforeEach
  void createTopic() {
    broker.createTopic("orders", 2);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldBringMessagesInTheirOrderAndSayWhereToGoOn() {
    // given
    broker.send("orders", 0, "first", "", 0);
    broker.send("orders", 0, "second", "", 0);

    // when
    FakeCall call = pull("orders", 0, 0, "*", false);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(call.replyFields())
        .containsEntry("nextBeginOffset", "2")
        .containsEntry("minOffset", "0")
        .containsEntry("maxOffset", "2");
    assertThat(call.replyBody()).containsSubsequence("first", "second");
  }

  @Test
  void shouldLeaveOutWhatTheTagsDoNotWant() {
    // given
    broker.send("orders", 0, "apples", tagged("a"), 0);
    broker.send("orders", 0, "bananas", tagged("b"), 0);

    // when
    FakeCall call = pull("orders", 0, 0, "b", false);

    // then
    assertThat(call.replyBody()).contains("bananas").doesNotContain("apples");
  }

  @Test
  void shouldMoveOnWhenNothingMatches() {
    // given
    broker.send("orders", 0, "apples", tagged("a"), 0);

    // when
    FakeCall call = pull("orders", 0, 0, "b", true);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.PULL_RETRY_IMMEDIATELY);
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", "1");
  }

  @Test
  void shouldWaitForAMessageAndBringIt() {
    // given
    FakeCall call = pull("orders", 0, 0, "*", true);
    assertThat(call.isAnswered()).isFalse();
    assertThat(pulls.pulls().waiting()).isEqualTo(1);

    // when
    broker.send("orders", 0, "late", "", 0);
    pulls.pulls().arrivals().arrived(broker.queues.obtain("orders", 0));

    // then
    assertThat(call.replyBody()).contains("late");
    assertThat(pulls.pulls().waiting()).isZero();
  }

  @Test
  void shouldGoOnWaitingWhenWhatArrivesDoesNotMatch() {
    // given
    FakeCall call = pull("orders", 0, 0, "b", true);

    // when
    broker.send("orders", 0, "apples", tagged("a"), 0);
    pulls.pulls().arrivals().arrived(broker.queues.obtain("orders", 0));

    // then
    assertThat(call.isAnswered()).isFalse();
    assertThat(pulls.pulls().waiting()).isEqualTo(1);
  }

  @Test
  void shouldAnswerEmptyWhenTheDeadlineHasCome() {
    // given
    FakeCall call = pull("orders", 0, 0, "*", true);
    broker.clock.advance(WAIT_MILLIS - 1);
    pulls.pulls().onTick();
    assertThat(call.isAnswered()).isFalse();

    // when
    broker.clock.advance(1);
    pulls.pulls().onTick();

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", "0");
  }

  @Test
  void shouldForgetWaitingPullsOfClosedConnections() {
    // given
    pull("orders", 0, 0, "*", true);

    // when
    connection.close();
    pulls.pulls().onTick();

    // then
    assertThat(pulls.pulls().waiting()).isZero();
  }

  /** The topic was deleted and made again while it ran: all that was sent since is new to it. */
  @Test
  void shouldSendAConsumerBehindTheEndToTheBeginningWhenItsGroupHasNoOffset() {
    // given
    broker.send("orders", 0, "only", "", 0);

    // when
    FakeCall beyond = pull("orders", 0, 7, "*", true);
    FakeCall elsewhere = pull("orders", 1, 7, "*", true);

    // then
    assertThat(beyond.replyCode()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(beyond.replyFields()).containsEntry("nextBeginOffset", "0");
    assertThat(elsewhere.replyCode()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(elsewhere.replyFields()).containsEntry("nextBeginOffset", "0");
    assertThat(traffic.pullsBeyondEnd()).isEqualTo(2);
  }

  @Test
  void shouldSendAConsumerBehindTheEndToTheOffsetOfItsGroup() {
    // given
    for (int i = 0; i < 5; i++) {
      broker.send("orders", 0, "message", "", 0);
    }
    broker.offsets.report("group", "orders", 0, 3);

    // when
    FakeCall beyond = pull("orders", 0, 6, "*", true);
    FakeCall atTheEnd = pull("orders", 0, 5, "*", false);

    // then
    assertThat(beyond.replyFields()).containsEntry("nextBeginOffset", "3");
    assertThat(atTheEnd.replyCode()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
  }

  @Test
  void shouldSendAConsumerBehindTheEndThereIfTheSettingsSaySo() {
    // given
    pulls = pulls(OffsetBeyondEnd.END);
    broker.send("orders", 0, "only", "", 0);

    // when
    FakeCall beyond = pull("orders", 0, 7, "*", true);

    // then
    assertThat(beyond.replyFields()).containsEntry("nextBeginOffset", "1");
  }

  @Test
  void shouldNotTakeAnOffsetBehindTheEndThatComesWithAPull() {
    // given
    broker.send("orders", 0, "only", "", 0);

    // when
    pullCommitting(1, 2);

    // then
    assertThat(broker.offsets.find("group", "orders", 0)).isEqualTo(-1);
  }

  @Test
  void shouldRefuseUnknownTopicsAndQueuesByName() {
    // when
    FakeCall topic = pull("nowhere", 0, 0, "*", false);
    FakeCall queue = pull("orders", 2, 0, "*", false);

    // then
    assertThat(topic.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(topic.reply().remark()).contains("nowhere");
    assertThat(queue.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(queue.reply().remark()).contains("2 queues").contains("no queue 2");
  }

  @ParameterizedTest
  @CsvSource({"50, false, 32", "31, false, 31", "50, true, 50", "1025, true, 1024", "0, false, 1"})
  void shouldBringAsManyMessagesAsTheKindOfClientExpects(int wanted, boolean many, int expected) {
    // given
    for (int i = 0; i < 1_100; i++) {
      broker.send("orders", 0, "", "", 0);
    }
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE, connection);
    int flags = PullFlags.SUBSCRIPTION | (many ? PullFlags.ESCROW_MANY : 0);

    // when
    pulls.accept(
        call,
        new PullMessageHeader(
            "group", "orders", 0, 0, wanted, flags, 0, 0, "*", 0, "TAG", Integer.MAX_VALUE));

    // then
    assertThat(call.replyFields()).containsEntry("nextBeginOffset", Integer.toString(expected));
  }

  @Test
  void shouldRememberWhereTheLastPullBegan() {
    // given
    broker.send("orders", 0, "first", "", 0);
    broker.send("orders", 0, "second", "", 0);
    broker.offsets.report("group", "orders", 0, 1);

    // when
    pull("orders", 0, 2, "*", true);

    // then
    assertThat(broker.offsets.pulled("group", "orders", 0)).isEqualTo(2);
    assertThat(broker.offsets.pulled("group", "orders", 1)).isEqualTo(ConsumerOffsets.NONE);
    assertThat(broker.offsets.find("group", "orders", 0)).isEqualTo(1);
  }

  @Test
  void shouldTakeTheOffsetThatComesWithAPull() {
    // given
    broker.send("orders", 0, "first", "", 0);

    // when
    pullCommitting(1, 1);

    // then
    assertThat(broker.offsets.find("group", "orders", 0)).isEqualTo(1);
  }

  private void pullCommitting(long offset, long commitOffset) {
    pulls.accept(
        new FakeCall(RequestCode.PULL_MESSAGE, connection),
        new PullMessageHeader(
            "group",
            "orders",
            0,
            offset,
            32,
            PullFlags.SUBSCRIPTION | PullFlags.COMMIT_OFFSET,
            commitOffset,
            0,
            "*",
            0,
            "TAG",
            Integer.MAX_VALUE));
  }

  @Test
  void shouldRefuseToServeABroadcastingMemberOfAGroupThatMayNotBroadcast() {
    // given
    broker.rule(recorder -> recorder.record(
        RecordKind.GROUP, 0, TestMembers.groupWithoutBroadcasting(recorder.nowMillis(), "group")));
    clients.registerConsumer(
        "group",
        new ConsumerProfile("CONSUME_PASSIVELY", "BROADCASTING", "CONSUME_FROM_LAST_OFFSET"),
        List.of(),
        TestMembers.of("c@1", connection, 0));

    // when
    FakeCall broadcasting = pull("orders", 0, 0, "*", true);
    clients.registerConsumer(
        "group",
        new ConsumerProfile("CONSUME_PASSIVELY", "CLUSTERING", "CONSUME_FROM_LAST_OFFSET"),
        List.of(),
        TestMembers.of("c@1", connection, 0));
    FakeCall clustering = pull("orders", 0, 0, "*", true);

    // then
    assertThat(broadcasting.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
    assertThat(broadcasting.reply().remark()).contains("group").contains("consumeBroadcastEnable");
    assertThat(clustering.isAnswered()).isFalse();
  }

  @Test
  void shouldJudgeAWaitingPullAgainWhenAMessageComes() {
    // given
    FakeCall call = pull("orders", 0, 0, "*", true);
    broker.rule(recorder -> recorder.record(
        RecordKind.TOPIC,
        0,
        TopicRecords.changed(recorder.nowMillis(), Topic.of("orders", 2, Topic.WRITE))));

    // when
    broker.send("orders", 0, "not for it", "", 0);
    pulls.pulls().arrivals().arrived(broker.queues.obtain("orders", 0));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
  }

  private FakeCall pull(String topic, int queueId, long offset, String tags, boolean wait) {
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE, connection);
    int flags = PullFlags.SUBSCRIPTION | (wait ? PullFlags.SUSPEND : 0);
    pulls.accept(
        call,
        new PullMessageHeader(
            "group",
            topic,
            queueId,
            offset,
            32,
            flags,
            0,
            WAIT_MILLIS,
            tags,
            0,
            "TAG",
            Integer.MAX_VALUE));
    return call;
  }

  private static String tagged(String tag) {
    return "TAGS\u0001" + tag + "\u0002";
  }
}
