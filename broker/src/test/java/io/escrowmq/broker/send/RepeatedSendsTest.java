package io.escrowmq.broker.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.recent.RecentSends;
import io.escrowmq.broker.recent.UniqueKey;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.RecordKind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A send whose answer was lost comes again, mostly for another queue: it is one message. */
class RepeatedSendsTest {

  private final TestLog broker = new TestLog();
  private final Traffic traffic = new Traffic();

  @BeforeEach
  void createTopics() {
    broker.createTopic("orders", 4);
    broker.createTopic("stock", 4);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldAnswerTheSecondTryWithTheFirstMessage() {
    // given
    FakeCall first = send(Deduplication.Of.MARKED, "orders", 1, marked("k1"));
    broker.settle();

    // when
    FakeCall second = send(Deduplication.Of.MARKED, "orders", 2, marked("k1"));
    broker.settle();

    // then
    assertThat(second.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(second.replyFields()).isEqualTo(first.replyFields());
    assertThat(stored("orders")).isEqualTo(1);
    assertThat(traffic.sendsRepeated()).isEqualTo(1);
    assertThat(traffic.in().messages()).isEqualTo(1);
  }

  @Test
  void shouldKnowTheFirstTryAlsoWithinOneTurnOfTheLog() {
    // when
    FakeCall first = send(Deduplication.Of.MARKED, "orders", 1, marked("k1"));
    FakeCall second = send(Deduplication.Of.MARKED, "orders", 2, marked("k1"));
    broker.settle();

    // then
    assertThat(second.replyFields()).isEqualTo(first.replyFields());
    assertThat(stored("orders")).isEqualTo(1);
  }

  @Test
  void shouldTakeOtherKeysAndOtherTopicsForOtherMessages() {
    // when
    send(Deduplication.Of.MARKED, "orders", 1, marked("k1"));
    send(Deduplication.Of.MARKED, "orders", 1, marked("k2"));
    send(Deduplication.Of.MARKED, "stock", 1, marked("k1"));
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(2);
    assertThat(stored("stock")).isEqualTo(1);
  }

  @Test
  void shouldTakeUnmarkedSendsOnceOnlyWhenAllAreToBe() {
    // when
    send(Deduplication.Of.MARKED, "orders", 1, unmarked("k1"));
    send(Deduplication.Of.MARKED, "orders", 1, unmarked("k1"));
    send(Deduplication.Of.ALL, "stock", 1, unmarked("k1"));
    send(Deduplication.Of.ALL, "stock", 1, unmarked("k1"));
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(2);
    assertThat(stored("stock")).isEqualTo(1);
  }

  @Test
  void shouldRememberNothingWhenItIsOff() {
    // when
    send(Deduplication.Of.OFF, "orders", 1, marked("k1"));
    send(Deduplication.Of.OFF, "orders", 1, marked("k1"));
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(2);
  }

  @Test
  void shouldKnowABatchByItsFirstMessageIfOnlyThatIsMarked() {
    // given
    FakeCall first =
        sendBatch(Deduplication.Of.MARKED, marked("k1"), unmarked("k2"), unmarked("k3"));
    FakeCall other = sendBatch(Deduplication.Of.MARKED, marked("k4"), unmarked("k5"));

    // when
    FakeCall withinTheTurn =
        sendBatch(Deduplication.Of.MARKED, marked("k1"), unmarked("k2"), unmarked("k3"));
    broker.settle();
    FakeCall later = sendBatch(Deduplication.Of.MARKED, marked("k4"), unmarked("k5"));
    broker.settle();

    // then
    assertThat(String.valueOf(first.replyFields().get("msgId")).split(",")).hasSize(3);
    assertThat(withinTheTurn.replyFields()).isEqualTo(first.replyFields());
    assertThat(later.replyFields()).isEqualTo(other.replyFields());
    assertThat(stored("orders")).isEqualTo(5);
  }

  @Test
  void shouldTakeABatchAgainOfWhichACrashHasLeftTheBeginningOnly() {
    // given
    sendBatch(Deduplication.Of.MARKED, marked("k1"), unmarked("k2"));
    send(Deduplication.Of.MARKED, "orders", 1, marked("another"));
    broker.settle();

    // when
    sendBatch(Deduplication.Of.MARKED, marked("k1"), unmarked("k2"), unmarked("k3"));
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(6);
  }

  @Test
  void shouldKnowABatchOfWhichAllAreToBeTakenOnceByAllOfThem() {
    // when
    FakeCall first = sendBatch(Deduplication.Of.ALL, unmarked("k1"), unmarked("k2"));
    FakeCall second = sendBatch(Deduplication.Of.ALL, unmarked("k1"), unmarked("k2"));
    sendBatch(Deduplication.Of.ALL, unmarked("k1"), unmarked("k3"));
    broker.settle();

    // then
    assertThat(second.replyFields()).isEqualTo(first.replyFields());
    assertThat(stored("orders")).isEqualTo(4);
  }

  @Test
  void shouldKnowADelayedMessageWhenItComesAgain() {
    // given
    String delayed = Properties.appended(marked("k1"), PropertyNames.DELAY, "1");
    send(Deduplication.Of.MARKED, "orders", 1, delayed);

    // when
    send(Deduplication.Of.MARKED, "orders", 1, delayed);
    broker.settle();
    broker.clock.advance(2_000);
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(1);
  }

  @Test
  void shouldForgetWithTheTopic() {
    // given
    send(Deduplication.Of.MARKED, "orders", 1, marked("k1"));
    broker.settle();

    // when
    broker.recentSends.deleteTopic("orders");
    send(Deduplication.Of.MARKED, "orders", 1, marked("k1"));
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(2);
  }

  /** {@link TestLog} remembers 100 of a topic, and in 9,000 bytes: room for one topic with so many. */
  @Test
  void shouldForgetTheOldestOfATopicAndTheTopicThatWasIdleLongest() {
    // given
    send(Deduplication.Of.MARKED, "stock", 0, marked("s"));
    for (int i = 0; i < 101; i++) {
      send(Deduplication.Of.MARKED, "orders", 0, marked("k" + i));
    }
    broker.settle();

    // when
    List<String> oldest = List.of("k0");
    List<String> next = List.of("k1");

    // then
    assertThat(broker.recentSends.find("orders", keys(oldest), 1)).isNull();
    assertThat(broker.recentSends.find("orders", keys(next), 1)).isNotNull();
    assertThat(broker.recentSends.find("stock", keys(List.of("s")), 1)).isNotNull();
    broker.createTopic("third", 1);
    for (int i = 0; i < 60; i++) {
      send(Deduplication.Of.MARKED, "third", 0, marked("t" + i));
    }
    broker.settle();
    assertThat(broker.recentSends.find("orders", keys(next), 1)).isNull();
    assertThat(broker.recentSends.find("third", keys(List.of("t0")), 1)).isNotNull();
  }

  /** As the protocol's own clients do when an application sends on what it has received. */
  @Test
  void shouldTakeAMessageThatIsSentOnUnderItsKeyForANewOne() {
    // given
    send(Deduplication.Of.ALL, "orders", 1, unmarked("k1"));
    send(Deduplication.Of.MARKED, "stock", 1, marked("k1"));
    broker.settle();
    String received =
        unmarked("k1") + "MSG_REGION\u0001DefaultRegion\u0002CLUSTER\u0001Cluster\u0002";

    // when
    send(Deduplication.Of.ALL, "orders", 1, received);
    send(Deduplication.Of.MARKED, "stock", 1, received);
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(2);
    assertThat(stored("stock")).isEqualTo(2);
  }

  @Test
  void shouldTakeAMessageWithAnotherBodyForAnotherOne() {
    // given
    send(Deduplication.Of.ALL, "orders", 1, unmarked("k1"), "body");
    send(Deduplication.Of.ALL, "orders", 1, unmarked("k1"), "other");

    // when
    send(Deduplication.Of.ALL, "orders", 1, unmarked("k1"), "body");
    broker.settle();

    // then
    assertThat(stored("orders")).isEqualTo(2);
  }

  /** Whether anybody asks in between changes nothing: the same records make the same memory. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldRememberWhatTheRecordsSayWhoeverAsks(long seed) throws IOException {
    // given
    Random random = new Random(seed);
    List<String> topics = IntStream.range(0, 12).mapToObj(i -> "t" + i).toList();
    topics.forEach(topic -> broker.createTopic(topic, 4));
    List<String> sent = new ArrayList<>();

    // when
    for (int i = 0; i < 400; i++) {
      boolean again = !sent.isEmpty() && random.nextBoolean();
      String what = again ? sent.get(random.nextInt(sent.size())) : "k" + i;
      String topic = topics.get(Math.floorMod(what.hashCode(), topics.size()));
      send(Deduplication.Of.MARKED, topic, 1, marked(what));
      broker.settle();
      sent.add(what);
    }

    // then
    RecentSends rebuilt = new RecentSends(broker.queueViews, 100, 9_000, 42);
    MessageView view = new MessageView();
    broker.log.replay(0, record -> {
      if (record.kind() == RecordKind.MESSAGE) {
        rebuilt.apply(record, view.wrap(record.payload(), record.payload().position()));
      }
    });
    assertThat(traffic.sendsRepeated()).as("seed %s", seed).isPositive();
    assertThat(image(rebuilt)).as("seed %s", seed).isEqualTo(image(broker.recentSends));
  }

  private static byte[] image(RecentSends sends) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sends.image().writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private List<UniqueKey> keys(List<String> texts) {
    int crc = MessageCodec.bodyCrc(
        TestMessages.encode(
            broker.forge,
            "orders",
            0,
            0,
            0,
            0,
            TestLog.STORE_HOST,
            0,
            ByteBuffer.wrap("body".getBytes(StandardCharsets.UTF_8)),
            ""),
        0);
    return texts.stream().map(text -> UniqueKey.of(text, crc)).toList();
  }

  private FakeCall send(Deduplication.Of once, String topic, int queueId, String properties) {
    return send(once, topic, queueId, properties, "body");
  }

  private FakeCall send(
      Deduplication.Of once, String topic, int queueId, String properties, String body) {
    SendMessageHeader header = header(topic, queueId, properties, false);
    FakeCall call = new FakeCall(RequestCode.SEND_MESSAGE_V2, new FakeConnection(50_000))
        .with(header)
        .withBody(body);
    handler(once).accept(call, header, Rights.ALL);
    return call;
  }

  private FakeCall sendBatch(Deduplication.Of once, String... properties) {
    ByteBuffer items = ByteBuffer.allocate(1024);
    for (String own : properties) {
      items.putInt(22 + own.length()).putInt(0).putInt(0).putInt(0).putInt(0);
      items.putShort((short) own.length()).put(own.getBytes(StandardCharsets.UTF_8));
    }
    SendMessageHeader header = header("orders", 1, "", true);
    FakeCall call = new FakeCall(RequestCode.SEND_BATCH_MESSAGE, new FakeConnection(50_000))
        .with(header)
        .withBody(Arrays.copyOf(items.array(), items.position()));
    handler(once).acceptBatch(call, header, Rights.ALL);
    return call;
  }

  private SendHandler handler(Deduplication.Of once) {
    return new SendHandler(
        new Sends(
            new SendSettings(TestLog.STORE_HOST, 64 * 1024, new Deduplication(once, 100, 9_000)),
            broker.topics,
            (group, times, most) -> ResendRule.Way.RETRY,
            broker.forge,
            new Sends.Doors(
                broker.intake, (sender, all, destination, queue, messages, isOnce, outcome) -> {
                  throw new AssertionError("no half-message");
                }),
            broker.recentSends,
            traffic,
            broker.clock.surroundings()),
        TestLog.STORE_HOST);
  }

  private SendMessageHeader header(String topic, int queueId, String properties, boolean batch) {
    return new SendMessageHeader(
        "producers",
        topic,
        "TBW102",
        4,
        queueId,
        0,
        broker.clock.millis(),
        0,
        properties,
        0,
        false,
        -1,
        batch);
  }

  private long stored(String topic) {
    List<Long> counts = new ArrayList<>();
    for (int queueId = 0; queueId < 4; queueId++) {
      counts.add(broker.queueViews.tail(topic, queueId));
    }
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private static String unmarked(String key) {
    return Properties.appended("", PropertyNames.UNIQUE_KEY, key);
  }

  private static String marked(String key) {
    return Properties.appended(unmarked(key), PropertyNames.ESCROW_ONCE, "true");
  }
}
