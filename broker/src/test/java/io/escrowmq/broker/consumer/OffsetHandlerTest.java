package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import io.escrowmq.store.RecordKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetHandlerTest {

  private final TestLog broker = new TestLog();
  private final OffsetHandler handler = new OffsetHandler(new OffsetReports(
      broker.groups,
      broker.topics,
      broker.offsets,
      new DeletedTopics(),
      new ClientRegistry(HeapBudget.unbounded()),
      broker.queues,
      broker.log));

  @BeforeEach
  void createTopicAndGroup() {
    broker.createTopic("T", 2);
    broker.rule(recorder ->
        recorder.record(RecordKind.GROUP, 0, GroupRecords.changed(0, Group.withDefaults("g"))));
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private FakeCall query(int queueId, boolean zeroIfNone) {
    FakeCall call = new FakeCall(RequestCode.QUERY_CONSUMER_OFFSET);
    handler.query(call, new QueryConsumerOffsetHeader("g", "T", queueId, zeroIfNone));
    return call;
  }

  private FakeCall update(String group, String topic, int queueId, long offset) {
    FakeCall call = new FakeCall(RequestCode.UPDATE_CONSUMER_OFFSET);
    handler.update(call, new UpdateConsumerOffsetHeader(group, topic, queueId, offset));
    return call;
  }

  @Test
  void shouldTellUpdatedOffsetAtOnce() {
    // given
    send(1, 2);

    // when
    FakeCall update = update("g", "T", 1, 2);

    // then
    assertThat(update.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(query(1, true).replyFields()).containsEntry("offset", "2");
  }

  /** A report of what is not there any more must not make others skip what comes in its place. */
  @Test
  void shouldRefuseAnOffsetBehindTheEndOfItsQueue() {
    // given
    send(1, 2);
    update("g", "T", 1, 1);

    // when
    FakeCall update = update("g", "T", 1, 3);

    // then
    assertThat(update.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(update.reply().remark()).contains("offset 3").contains("queue 1 of T, 2");
    assertThat(query(1, true).replyFields()).containsEntry("offset", "1");
  }

  private void send(int queueId, int messages) {
    for (int i = 0; i < messages; i++) {
      broker.send("T", queueId, "hello", "", 0);
    }
  }

  @Test
  void shouldLetNewGroupBeginAtZeroOnQueueThatNeverHeldAMessage() {
    assertThat(query(0, true).replyFields()).containsEntry("offset", "0");
    assertThat(query(0, false).replyCode()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    assertThat(query(2, true).replyCode()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
  }

  @Test
  void shouldLetNewGroupBeginWhereAQueueEndsOfWhichNothingIsLeft() {
    // given
    broker.queues.skipTo("T", 0, 5, 1);

    // then
    assertThat(query(0, true).replyFields()).containsEntry("offset", "5");
  }

  /** What a client does that has no offset: it asks for it, and if there is none, for the end. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldSkipNoMessageThatIsSentWhileANewGroupAsksWhereToBegin(int sendBeforeStep) {
    // given
    long start = -1;

    // when
    for (int step = 0; step < 3; step++) {
      if (step == sendBeforeStep) {
        broker.send("T", 0, "hello", "", 0);
      }
      if (step == 0) {
        FakeCall asked = query(0, true);
        start = asked.replyCode() == ResponseCode.SUCCESS
            ? Long.parseLong(asked.replyFields().get("offset"))
            : -1;
      } else if (step == 1 && start < 0) {
        start = broker.queues.obtain("T", 0).maxOffset();
      }
    }

    // then
    assertThat(start).isZero();
  }

  @Test
  void shouldLetNewGroupBeginAtZeroOnYoungQueue() {
    // given
    broker.send("T", 0, "hello", "", 0);

    // then
    assertThat(query(0, true).replyFields()).containsEntry("offset", "0");
    assertThat(query(0, false).replyCode()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody, T, 0, 1, SUBSCRIPTION_GROUP_NOT_EXIST, nobody",
    "g, nothing, 0, 1, TOPIC_NOT_EXIST, nothing",
    "g, T, 2, 1, INVALID_PARAMETER, 2 queues",
    "g, T, -1, 1, INVALID_PARAMETER, no queue -1",
    "g, T, 0, -5, INVALID_PARAMETER, -5"
  })
  void shouldRefuseUpdateAndNameTheValue(
      String group, String topic, int queueId, long offset, ResponseCode code, String value) {
    // when
    FakeCall call = update(group, topic, queueId, offset);

    // then
    assertThat(call.replyCode()).isEqualTo(code);
    assertThat(call.reply().remark()).contains(value);
    assertThat(broker.offsets.find(group, topic, queueId)).isEqualTo(ConsumerOffsets.NONE);
  }

  @Test
  void shouldRecordReportsWithinASecond() {
    // given
    send(0, 6);
    update("g", "T", 0, 5);
    broker.settle();
    update("g", "T", 0, 6);
    long before = broker.log.end();

    // when
    broker.settle();
    long atOnce = broker.log.end();
    broker.clock.advance(1_000);
    broker.settle();

    // then
    assertThat(atOnce).isEqualTo(before);
    assertThat(broker.log.end()).isGreaterThan(before);
  }
}
