package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.pull.PullHandler;
import io.escrowmq.broker.pull.PullSettings;
import io.escrowmq.broker.pull.TestPulls;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.OffsetTable;
import io.escrowmq.remoting.body.ResetOffsets;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.CloneOffsetHeader;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetAdminHandlerTest {

  private final TestConsumers consumers = new TestConsumers();
  private long middleMillis;

  @BeforeEach
  void sendMessages() {
    consumers.broker.createTopic("T", 2);
    consumers.createGroup("g");
    for (int i = 0; i < 10; i++) {
      consumers.broker.clock.advance(1_000);
      if (i == 5) {
        middleMillis = consumers.broker.clock.millis();
      }
      consumers.broker.send("T", 0, "m" + i, "", 0);
    }
  }

  @AfterEach
  void close() {
    consumers.close();
  }

  private OffsetAdminHandler handler(ConsumerOffsets offsets) {
    return new OffsetAdminHandler(
        new OffsetResets(
            consumers.broker.groups, consumers.broker.topics, offsets, consumers.broker.queues),
        offsets,
        consumers.broker.loop,
        "broker-a");
  }

  private FakeCall reset(long timestamp, int queueId, long offset) {
    return consumers.ask(new FakeCall(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET)
        .with("group", "g")
        .with("topic", "T")
        .with("timestamp", timestamp)
        .with("isForce", true)
        .with("queueId", queueId)
        .with("offset", offset));
  }

  private static Map<MessageQueue, Long> told(FakeCall call) {
    return ResetOffsets.read(call.replyBody().getBytes(StandardCharsets.UTF_8)).offsets();
  }

  @Test
  void shouldResetAllQueuesToATime() {
    // given
    consumers.broker.offsets.report("g", "T", 0, 10);

    // when
    FakeCall call = reset(middleMillis, -1, -1);

    // then
    assertThat(told(call))
        .isEqualTo(Map.of(
            new MessageQueue("T", "broker-a", 0), 5L, new MessageQueue("T", "broker-a", 1), 0L));
    assertThat(consumers.broker.offsets.find("g", "T", 0)).isEqualTo(5);
    assertThat(consumers.broker.offsets.pulling("g", "T", 0, 0)).isEqualTo(5);
  }

  @Test
  void shouldResetToTheEnd() {
    assertThat(told(reset(-1, -1, -1))).containsEntry(new MessageQueue("T", "broker-a", 0), 10L);
  }

  @Test
  void shouldResetOneQueueToAnOffset() {
    assertThat(told(reset(-1, 0, 3))).isEqualTo(Map.of(new MessageQueue("T", "broker-a", 0), 3L));
  }

  @ParameterizedTest
  @CsvSource({"0, 12, '0 to 10'", "2, 0, 2 queues"})
  void shouldRefuseOffsetAndQueueOutOfRange(int queueId, long offset, String said) {
    // when
    FakeCall call = reset(-1, queueId, offset);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains(said);
  }

  @Test
  void shouldRefuseUnknownTopicAndGroup() {
    // given
    FakeCall topic = new FakeCall(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET)
        .with("group", "g")
        .with("topic", "nothing")
        .with("timestamp", -1);
    FakeCall group = new FakeCall(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET)
        .with("group", "nobody")
        .with("topic", "T")
        .with("timestamp", -1);

    // then
    assertThat(consumers.ask(topic).replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(consumers.ask(group).replyCode())
        .isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
  }

  @Test
  void shouldCloneOffsetsToAnotherGroup() {
    // given
    consumers.createGroup("h");
    consumers.broker.offsets.report("g", "T", 0, 7);

    // when
    FakeCall call = consumers.ask(
        new FakeCall(RequestCode.CLONE_GROUP_OFFSET).with("srcGroup", "g").with("destGroup", "h"));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(consumers.broker.offsets.all("h", "T")).isEqualTo(Map.of(0, 7L));
  }

  @Test
  void shouldListAllOffsets() {
    // given
    consumers.broker.offsets.report("g", "T", 1, 7);

    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.GET_ALL_CONSUMER_OFFSET));

    // then
    assertThat(
            OffsetTable.read(call.replyBody().getBytes(StandardCharsets.UTF_8)).offsets())
        .isEqualTo(Map.of("T@g", Map.of(1, 7L)));
  }

  @Test
  void shouldCompareGroupsPerQueue() {
    // given
    consumers.broker.offsets.report("g", "T", 0, 7);
    consumers.broker.offsets.report("h", "T", 0, 3);
    consumers.broker.offsets.report("old", "T", 0, 1);

    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.QUERY_CORRECTION_OFFSET)
        .with("filterGroups", "old")
        .with("compareGroup", "g")
        .with("topic", "T"));

    // then
    assertThat(call.replyBody()).isEqualTo("{\"correctionOffsets\":{\"0\":3}}");
  }

  /** Otherwise what comes is delivered before what the operator wants to be read again. */
  @Test
  void shouldSendAPullThatWaitsToWhereTheGroupWasSet() {
    // given
    PullHandler pulls = TestPulls.over(consumers.broker, consumers.clients, PullSettings.DEFAULT);
    consumers.broker.offsets.report("g", "T", 0, 10);
    FakeCall pull = new FakeCall(RequestCode.PULL_MESSAGE);
    int flags = PullFlags.SUBSCRIPTION | PullFlags.SUSPEND;
    pulls.accept(
        pull, new PullMessageHeader("g", "T", 0, 10, 32, flags, 0, 15_000, "*", 0, "TAG", 1 << 20));
    assertThat(pull.isAnswered()).isFalse();

    // when
    reset(middleMillis, -1, -1);
    consumers.broker.send("T", 0, "new", "", 0);
    pulls.pulls().arrivals().arrived(consumers.broker.queues.obtain("T", 0));

    // then
    assertThat(pull.replyCode()).isEqualTo(ResponseCode.PULL_OFFSET_MOVED);
    assertThat(pull.replyFields()).containsEntry("nextBeginOffset", "5");
  }

  @Test
  void shouldRefuseAResetOrACopyThatTheMemoryOfOffsetsDoesNotHold() {
    // given
    ConsumerOffsets small = new ConsumerOffsets(new MemoryShare("offsets", Progress.PLACE_BYTES));
    OffsetAdminHandler handler = handler(small);
    small.report("other", "T", 0, 1);
    FakeCall reset = new FakeCall(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET);
    FakeCall copy = new FakeCall(RequestCode.CLONE_GROUP_OFFSET);

    // when
    handler.reset(reset, new ResetOffsetHeader("g", "T", -1, true, -1, -1));
    handler.cloneOffsets(copy, new CloneOffsetHeader("other", "g", "T", false));
    consumers.broker.settle();

    // then
    assertThat(reset.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(reset.reply().remark()).contains("offsets", "memory");
    assertThat(copy.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(small.topicsOf("g")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50_000, 150_000})
  void shouldResetNoQueueWhenTheLogHasRoomForSomeOnly(int room) {
    // given: so many that they take several records
    consumers.broker.createTopic("wide", Topic.MOST_QUEUES);
    consumers.broker.files.capacity(consumers.broker.files.usedBytes() + room);
    byte[] before = consumers.broker.stateBytes();

    // when
    FakeCall call = consumers.ask(new FakeCall(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET)
        .with("group", "g")
        .with("topic", "wide")
        .with("timestamp", -1));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(call.reply().remark()).contains("disk is full");
    assertThat(consumers.broker.stateBytes()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void shouldCopyTheOffsetsOfAllTopicsOrOfNone(int topicsWithRoom) {
    // given
    int topicsInAll = 5;
    ConsumerOffsets small = new ConsumerOffsets(
        new MemoryShare("offsets", Progress.PLACE_BYTES * (topicsInAll + topicsWithRoom)));
    OffsetAdminHandler handler = handler(small);
    for (int i = 0; i < topicsInAll; i++) {
      consumers.broker.createTopic("T" + i, 1);
      small.report("from", "T" + i, 0, 1);
    }
    FakeCall copy = new FakeCall(RequestCode.CLONE_GROUP_OFFSET);

    // when
    handler.cloneOffsets(copy, new CloneOffsetHeader("from", "g", "", false));
    consumers.broker.settle();

    // then
    assertThat(copy.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(copy.reply().remark()).contains("topic T" + topicsWithRoom + ": ", "memory");
    assertThat(small.topicsOf("g")).isEmpty();
  }
}
