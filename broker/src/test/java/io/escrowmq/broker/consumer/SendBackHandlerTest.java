package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.send.ResendRule.Way;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ConsumeDirectlyHeader;
import io.escrowmq.remoting.header.SendBackHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.LogSlice;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendBackHandlerTest {

  private static final String TAGGED = "TAGS\u0001a\u0002UNIQ_KEY\u0001u1\u0002";

  private final TestLog broker = new TestLog();
  private final GroupCreation creation = new GroupCreation(broker.groups, broker.topics, true);
  private final SendBackHandler handler = new SendBackHandler(new SendBacks(
      creation,
      broker.topics,
      broker.lookup::at,
      broker.forge,
      broker.intake,
      broker.clock,
      TestMachine.REAL.chance()));

  @BeforeEach
  void createTopic() {
    broker.createTopic("T", 1);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private FakeCall sendBack(long position, int level, int most) {
    FakeCall call = new FakeCall(RequestCode.CONSUMER_SEND_MSG_BACK);
    handler.accept(
        call, new SendBackHeader(position, "g", level, null, "T", false, most), Rights.ALL);
    broker.settle();
    return call;
  }

  /** What became visible in a queue: record kind and message. */
  private LogSlice visible(String topic, long offset) {
    ConsumeQueue queue = broker.queues.find(topic, 0);
    QueueEntries entries = new QueueEntries(1);
    assertThat(queue).isNotNull();
    assertThat(queue.read(offset, entries)).isEqualTo(1);
    LogSlice slice = broker.log.read(entries.position(0));
    assertThat(slice).isNotNull();
    return slice;
  }

  private static MessageView messageIn(LogSlice slice) {
    int at = slice.payload().position() + (slice.kind() == RecordKind.DELAYED ? 8 : 0);
    return new MessageView().wrap(slice.payload(), at);
  }

  @Test
  void shouldRefuseForNowWhatCannotBeReadNow() {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, 0);
    broker.files.fault((operation, file) -> {
      if (operation == Operation.MAP) {
        throw new StorageException(StorageException.Reason.IO, "could not map " + file);
      }
    });

    // when
    FakeCall now = sendBack(position, 0, 16);
    broker.files.fault((operation, file) -> {});
    FakeCall later = sendBack(position, 0, 16);

    // then
    assertThat(now.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(now.reply().remark()).contains("try again");
    assertThat(later.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldBringMessageBackAfterTenSeconds() {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, 0);

    // when
    FakeCall call = sendBack(position, 0, 16);
    broker.clock.advance(9_999);
    broker.settle();
    ConsumeQueue early = broker.queues.find("%RETRY%g", 0);
    broker.clock.advance(1);
    broker.settle();

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(early).isNull();
    try (LogSlice slice = visible("%RETRY%g", 0)) {
      MessageView message = messageIn(slice);
      assertThat(message.topic()).isEqualTo("%RETRY%g");
      assertThat(message.reconsumeTimes()).isEqualTo(1);
      assertThat(StandardCharsets.UTF_8.decode(message.body()).toString()).isEqualTo("hello");
      assertThat(message.property(PropertyNames.RETRY_TOPIC)).isEqualTo("T");
      assertThat(message.property(PropertyNames.UNIQUE_KEY)).isEqualTo("u1");
      assertThat(message.property(PropertyNames.TAGS)).isEqualTo("a");
      assertThat(message.property(PropertyNames.DELAY)).isNull();
      assertThat(message.property(PropertyNames.REAL_TOPIC)).isEqualTo("%RETRY%g");
      assertThat(message.property(PropertyNames.REAL_QUEUE_ID)).isEqualTo("0");
      assertThat(message.property(PropertyNames.WAIT)).isEqualTo("false");
      assertThat(message.property(PropertyNames.ORIGIN_MESSAGE_ID))
          .isEqualTo(new MessageId(TestLog.STORE_HOST, position).text());
    }
  }

  @ParameterizedTest
  @CsvSource({"-2147483648", "-4", "-1"})
  void shouldTakeANumberOfTriesBelowZeroForNone(int reconsumeTimes) {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, reconsumeTimes);

    // when
    FakeCall call = sendBack(position, 0, 16);
    broker.clock.advance(10_000);
    broker.settle();

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    try (LogSlice slice = visible("%RETRY%g", 0)) {
      assertThat(messageIn(slice).reconsumeTimes()).isOne();
    }
  }

  @Test
  void shouldKeepOriginOfMessageThatComesBackASecondTime() {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, 0);
    sendBack(position, 1, 16);
    broker.clock.advance(1_000);
    broker.settle();
    long second;
    try (LogSlice slice = visible("%RETRY%g", 0)) {
      second = messageIn(slice).position();
    }

    // when
    sendBack(second, 0, 16);
    broker.clock.advance(30_000);
    broker.settle();

    // then
    try (LogSlice slice = visible("%RETRY%g", 1)) {
      MessageView message = messageIn(slice);
      assertThat(message.reconsumeTimes()).isEqualTo(2);
      assertThat(message.property(PropertyNames.DELAY)).isNull();
      assertThat(message.property(PropertyNames.REAL_TOPIC)).isEqualTo("%RETRY%g");
      assertThat(message.property(PropertyNames.RETRY_TOPIC)).isEqualTo("T");
      assertThat(message.property(PropertyNames.ORIGIN_MESSAGE_ID))
          .isEqualTo(new MessageId(TestLog.STORE_HOST, position).text());
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 0, 3", "0, -1, 16", "16, 0, -1"})
  void shouldGiveUpMessageIntoDeadLetterTopicAtOnce(int reconsumeTimes, int level, int most) {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, reconsumeTimes);

    // when
    FakeCall call = sendBack(position, level, most);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    try (LogSlice slice = visible("%DLQ%g", 0)) {
      assertThat(messageIn(slice).property(PropertyNames.RETRY_TOPIC)).isEqualTo("T");
      assertThat(messageIn(slice).property(PropertyNames.DELAY)).isNull();
      assertThat(messageIn(slice).property(PropertyNames.REAL_TOPIC)).isNull();
    }
  }

  @Test
  void shouldIgnoreLimitOfVeryOldClients() {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, 5);
    FakeCall call = new FakeCall(RequestCode.CONSUMER_SEND_MSG_BACK).withVersion(120);

    // when
    handler.accept(call, new SendBackHeader(position, "g", 1, null, "T", false, 0), Rights.ALL);
    broker.settle();

    // then
    assertThat(broker.topics.find("%DLQ%g")).isNull();
    assertThat(broker.topics.find("%RETRY%g")).isNotNull();
  }

  /** It was sent on to this topic by a consumer that had it from its retry topic. */
  @Test
  void shouldBringAMessageBackAsOneOfTheTopicThatItWasConsumedFrom() {
    // given
    String sentOn = TAGGED + "RETRY_TOPIC\u0001other\u0002ORIGIN_MESSAGE_ID\u0001X\u0002";
    long position = broker.send("T", 0, "hello", sentOn, 0);

    // when
    sendBack(position, 1, 16);
    broker.clock.advance(1_000);
    broker.settle();

    // then
    try (LogSlice slice = visible("%RETRY%g", 0)) {
      assertThat(messageIn(slice).property(PropertyNames.RETRY_TOPIC)).isEqualTo("T");
      assertThat(messageIn(slice).property(PropertyNames.ORIGIN_MESSAGE_ID)).isNotEqualTo("X");
    }
  }

  @ParameterizedTest
  @CsvSource({"-8", "8", "12345678", "9223372036854775800"})
  void shouldRefusePositionWithoutMessage(long position) {
    // given
    broker.send("T", 0, "hello", TAGGED, 0);

    // when
    FakeCall call = sendBack(position, 0, 16);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains(Long.toString(position));
  }

  @Test
  void shouldRefuseAMessageThatIsStillInEscrow() {
    // given
    long position = inEscrow(1_000);

    // when
    FakeCall early = sendBack(position, 1, 16);
    broker.clock.advance(1_000);
    broker.settle();
    FakeCall due = sendBack(position, 1, 16);

    // then
    assertThat(early.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(due.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldGiveNobodyAMessageToConsumeThatIsStillInEscrow() {
    // given
    long position = inEscrow(1_000);
    ForwardHandler forward =
        new ForwardHandler(new ClientRegistry(HeapBudget.unbounded()), broker.lookup::at, "b");
    String id = new MessageId(TestLog.STORE_HOST, position).text();
    FakeCall call = new FakeCall(RequestCode.CONSUME_MESSAGE_DIRECTLY);

    // when
    forward.consumeDirectly(call, new ConsumeDirectlyHeader("g", "c", id, null, null), Rights.ALL);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains(id, "leads to no message");
  }

  /** Where a message lies that waits for so long. */
  private long inEscrow(long millis) {
    byte[] message = TestMessages.encode(
        broker.forge,
        "T",
        0,
        0,
        0,
        0,
        TestLog.STORE_HOST,
        0,
        ByteBuffer.allocate(5),
        broker.forge.complete(""));
    List<Long> positions = new ArrayList<>();
    broker.intake.offer(
        "T",
        null,
        0,
        EncodedMessages.of(message),
        broker.clock.millis() + millis,
        new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            positions.add(where.ids()[0]);
          }

          @Override
          public void refused(Refusal why) {
            throw new AssertionError(RefusalPage.words(why));
          }
        });
    broker.settle();
    return positions.get(0);
  }

  @Test
  void shouldRefuseIllegalGroup() {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, 0);
    FakeCall call = new FakeCall(RequestCode.CONSUMER_SEND_MSG_BACK);

    // when
    handler.accept(call, new SendBackHeader(position, "a b", 0, null, "T", false, 16), Rights.ALL);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
    assertThat(call.reply().remark()).contains("illegal character");
  }

  @Test
  void shouldStoreNothingWhenTheGroupWantsNoRetries() {
    // given
    long position = broker.send("T", 0, "hello", TAGGED, 0);
    Group quiet =
        new Group("g", true, true, true, false, 0, 16, 0, 1, true, 0, 15, Map.of(), Set.of());
    broker.rule(r -> r.record(RecordKind.GROUP, 0, GroupRecords.changed(0, quiet)));

    // when
    FakeCall call = sendBack(position, 0, 16);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(broker.topics.find("%RETRY%g")).isNull();
  }

  @Test
  void shouldGiveUpWhatAnOrderedGroupSendsAgain() {
    // given
    QueueLocks locks = new QueueLocks();
    RetryLimits limits = new RetryLimits(creation, locks, broker.clock.ticker());

    // then
    assertThat(limits.judge("g", 16, -1)).isEqualTo(Way.RETRY);
    assertThat(limits.judge("g", 17, -1)).isEqualTo(Way.DEAD_LETTER);
    assertThat(limits.judge("g", 4, 3)).isEqualTo(Way.DEAD_LETTER);
    assertThat(limits.judge("a b", 0, 3)).isEqualTo(Way.UNKNOWN_GROUP);
    locks.lock("g", new QueueLocks.Queue("T", 0), "c", broker.clock.millis());
    assertThat(limits.judge("g", 0, 3)).isEqualTo(Way.DEAD_LETTER);
  }
}
