package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A consumer sends a message on, with all of its properties, as the protocol's own clients do by
 * {@code producer.send(messageExt)}: it is a new plain one, whatever the first one was told to be.
 */
class SentOnMessagesTest {

  private static final String NEXT = "next";
  private static final String RETRIES = "%RETRY%g";
  private static final int QUEUE = 1;

  /** How the message comes to the consumer. */
  private enum Origin {
    PLAIN,
    HALF,
    DELAYED,
    RETRIED
  }

  private final TestTransactions transactions = new TestTransactions();
  private final TestLog broker = transactions.broker;

  @BeforeEach
  void createTopics() {
    broker.createTopic(NEXT, 4);
    broker.createTopic(RETRIES, 4);
  }

  @AfterEach
  void close() {
    transactions.close();
  }

  static List<Arguments> everyNameInEveryWay() {
    List<Arguments> all = new ArrayList<>();
    for (String name : Arrays.stream(PropertyNames.class.getFields())
        .map(field -> {
          try {
            return String.valueOf(field.get(null));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        })
        .toList()) {
      for (Origin origin : Origin.values()) {
        all.add(Arguments.of(name, origin));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("everyNameInEveryWay")
  void shouldTakeWhatIsSentOnForANewPlainMessage(String name, Origin origin) {
    // given
    Map<String, String> received = received(name, origin);

    // when
    FakeCall same = transactions.sendAs(TOPIC, QUEUE + 1, "on", received);
    FakeCall other = transactions.sendAs(NEXT, QUEUE, "on", received);
    FakeCall batch = transactions.sendBatchAs(NEXT, QUEUE + 1, List.of(received, received));

    // then
    for (FakeCall sent : List.of(same, other, batch)) {
      assertThat(sent.replyCode()).as(sent.reply().remark()).isEqualTo(ResponseCode.SUCCESS);
    }
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
    assertThat(broker.delayed.waiting()).isZero();
    assertIsPlain(name, received, transactions.visible(TOPIC, QUEUE + 1), 1);
    assertIsPlain(name, received, transactions.visible(NEXT, QUEUE), 1);
    assertIsPlain(name, received, transactions.visible(NEXT, QUEUE + 1), 2);
  }

  @ParameterizedTest
  @MethodSource("everyNameInEveryWay")
  void shouldTakeWhatIsSentOnInTransactionsForTransactionsOfTheirOwn(String name, Origin origin) {
    // given
    Map<String, String> received = received(name, origin);
    received.put(PropertyNames.HALF, "true");
    received.put(PropertyNames.PRODUCER_GROUP, GROUP);

    // when
    FakeCall first = transactions.sendAs(NEXT, QUEUE, "first", received);
    FakeCall second = transactions.sendAs(NEXT, QUEUE, "second", received);
    long open = transactions.metric("escrowmq_transactions_open");
    transactions.end(second.sentPosition(), TRANSACTION_COMMIT);

    // then
    assertThat(first.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(open).isEqualTo(2);
    assertThat(transactions.visible(NEXT, QUEUE))
        .extracting(HalfMessagesTest::text)
        .containsExactly("second");
    assertIsPlain(name, received, transactions.visible(NEXT, QUEUE), 1);
    assertThat(transactions.metric("escrowmq_transactions_open")).isEqualTo(1);
    transactions.advance(6_000); // each is asked about as if it were the first
    assertThat(broker.delayed.waiting()).isZero();
  }

  private void assertIsPlain(
      String name, Map<String, String> received, List<MessageView> messages, int count) {
    assertThat(messages).as(name).hasSize(count);
    for (MessageView message : messages) {
      Map<String, String> properties = Properties.parse(message.properties());
      assertThat(properties.keySet())
          .filteredOn(PassingProperties::isPassing)
          .as("what the broker says itself")
          .containsExactlyInAnyOrder("MSG_REGION", "TRACE_ON", "CLUSTER");
      assertThat(properties).containsEntry("mine", "1").containsEntry("CLUSTER", "Cluster");
      received.forEach((key, value) -> {
        if (!PassingProperties.isPassing(key)) {
          assertThat(properties).containsEntry(key, value);
        }
      });
      assertThat(message.reconsumeTimes()).isZero();
    }
  }

  /** A message that was sent with this property, as its consumer gets it. */
  private Map<String, String> received(String name, Origin origin) {
    Map<String, String> sent = new LinkedHashMap<>();
    sent.put("mine", "1");
    sent.put(PropertyNames.UNIQUE_KEY, "7F000001000118B4AAC2000000000001");
    sent.put(PropertyNames.ESCROW_ONCE, "true");
    sent.put(name, value(name));
    String topic = origin == Origin.RETRIED ? RETRIES : TOPIC;
    switch (origin) {
      case PLAIN -> {}
      case HALF -> {
        sent.put(PropertyNames.HALF, "true");
        sent.put(PropertyNames.PRODUCER_GROUP, GROUP);
        sent.put(PropertyNames.ESCROW_TRANSACTION, "t");
      }
      case DELAYED -> sent.put(PropertyNames.DELAY, "2");
      case RETRIED -> {
        sent.remove(PropertyNames.HALF); // as those clients do
        sent.put(PropertyNames.DELAY, "2");
        sent.put(PropertyNames.RETRY_TOPIC, TOPIC);
        sent.put(PropertyNames.ORIGIN_MESSAGE_ID, "7F0000010000000000000000000000AB");
      }
    }
    FakeCall call = transactions.sendAs(topic, QUEUE, "body", sent);
    assertThat(call.replyCode()).as(call.reply().remark()).isEqualTo(ResponseCode.SUCCESS);
    if (transactions.metric("escrowmq_transactions_open") > 0) {
      transactions.end(call.sentPosition(), TRANSACTION_COMMIT);
    }
    transactions.advance(20_000);
    List<MessageView> visible = transactions.visible(topic, QUEUE);
    assertThat(visible).as("%s %s", name, origin).hasSize(1);
    return Properties.parse(visible.get(0).properties());
  }

  private static String value(String name) {
    return switch (name) {
      case PropertyNames.DELAY, PropertyNames.TIMER_DELAY_SECONDS -> "3";
      case PropertyNames.TIMER_DELAY_MILLIS -> "3000";
      case PropertyNames.TIMER_DELIVER_MILLIS -> "1700000003000";
      case PropertyNames.UNIQUE_KEY -> "7F000001000118B4AAC2000000000001";
      case PropertyNames.PRODUCER_GROUP -> GROUP;
      default -> "true";
    };
  }

  /** It came from another cluster, where brokers delay by the same properties. */
  @Test
  void shouldNotDelayAgainWhatAnotherBrokerHasDelayed() {
    // when
    transactions.sendAs(
        NEXT, QUEUE, "body", Map.of("TIMER_DELAY_SEC", "10", "TIMER_OUT_MS", "1700000000000"));

    // then
    assertThat(transactions.visible(NEXT, QUEUE)).hasSize(1);
  }

  @Test
  void shouldTakeForAHalfMessageOnlyWhatSaysSo() {
    // when
    transactions.sendAs(NEXT, QUEUE, "body", Map.of("MY_TRAN_MSG", "true"));
    transactions.sendAs(NEXT, QUEUE, "body", Map.of("TRAN_MSG", "trueish"));

    // then
    assertThat(transactions.visible(NEXT, QUEUE)).hasSize(2);
  }
}
