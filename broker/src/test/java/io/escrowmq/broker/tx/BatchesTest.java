package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A batch is judged by each of its messages. */
class BatchesTest {

  private static final Map<String, String> PLAIN = Map.of("UNIQ_KEY", "U");
  private static final Map<String, String> HALF = Map.of(
      "UNIQ_KEY", "U", "TRAN_MSG", "true", "PGROUP", TestTransactions.GROUP, "ESCROW_TX", "t");

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @ParameterizedTest
  @CsvSource({
    "TRAN_MSG, true, a half-message",
    "DELAY, 3, asks for a delay",
    "DELAY, x, asks for a delay",
    "TIMER_DELAY_SEC, 1, asks for a delay",
    "TIMER_DELAY_MS, 1, asks for a delay",
    "TIMER_DELIVER_MS, 1700000060000, asks for a delay"
  })
  void shouldRefuseAPlainBatchForAnyOfItsMessages(String name, String value, String why) {
    assertRefused(PLAIN, name, value, why);
  }

  @ParameterizedTest
  @CsvSource({
    "PGROUP, other, PGROUP=other",
    "ESCROW_TX, other, ESCROW_TX=other",
    "ESCROW_XA, true, ESCROW_XA=true",
    "CHECK_IMMUNITY_TIME_IN_SECONDS, 5, CHECK_IMMUNITY_TIME_IN_SECONDS=5",
    "DELAY, 3, asks for a delay",
    "TIMER_DELIVER_MS, 1700000060000, asks for a delay"
  })
  void shouldRefuseABatchOfHalfMessagesForAnyOfThem(String name, String value, String why) {
    assertRefused(HALF, name, value, why);
  }

  private void assertRefused(Map<String, String> usual, String name, String value, String why) {
    Map<String, String> odd = new HashMap<>(usual);
    odd.put(name, value);
    for (int at = 1; at < 4; at++) {
      // given
      List<Map<String, String>> messages = new ArrayList<>(Collections.nCopies(4, usual));
      messages.set(at, odd);

      // when
      FakeCall call = transactions.sendBatchAs(TOPIC, 1, messages);

      // then
      assertThat(call.replyCode()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
      assertThat(call.reply().remark()).contains("message " + at + " of the batch", why);
    }
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }

  /** Its caller was asked about the group in the header, and about no other. */
  @Test
  void shouldRefuseABatchOfHalfMessagesOfAnotherGroupThanItsRequest() {
    // given
    Map<String, String> ofOthers = new HashMap<>(HALF);
    ofOthers.put("PGROUP", "others");

    // when
    FakeCall call = transactions.sendBatchAs(TOPIC, 1, List.of(ofOthers, ofOthers));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(call.reply().remark()).contains("others", TestTransactions.GROUP);
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }

  @Test
  void shouldTakeABatchThatAsksForTheSameAndForNoDelay() {
    // given
    Map<String, String> atOnce = new HashMap<>(PLAIN);
    atOnce.put("DELAY", "0");

    // when
    FakeCall plain = transactions.sendBatchAs(TOPIC, 1, List.of(PLAIN, atOnce));
    FakeCall halves = transactions.sendBatchAs(TOPIC, 1, List.of(HALF, HALF));

    // then
    assertThat(plain.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(halves.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(2);
    assertThat(transactions.metric("escrowmq_transactions_open")).isEqualTo(1);
  }

  @Test
  void shouldRefuseABatchThatTakesTooMuchRoomInTheLog() {
    // given
    List<Map<String, String>> messages = Collections.nCopies(2_000, Map.of("a", "b"));

    // when
    FakeCall call = transactions.sendBatchAs(TOPIC, 1, messages);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(call.reply().remark()).contains("as they are stored", "at most 196608");
  }

  @ParameterizedTest
  @CsvSource({"4096, SUCCESS", "4097, MESSAGE_ILLEGAL"})
  void shouldBoundWhatTellsWhatToDoWithAHalfMessage(int bytes, ResponseCode expected) {
    // given
    String usual =
        "TRAN_MSG\u0001true\u0002PGROUP\u0001orders-service\u0002TIMER_DELAY_MS\u0001\u0002";
    String blanks = " ".repeat(bytes - usual.length() - 1);

    // when
    FakeCall call = transactions.sendAs(
        TOPIC,
        1,
        "body",
        Map.of("TRAN_MSG", "true", "PGROUP", "orders-service", "TIMER_DELAY_MS", blanks + "1"));

    // then
    assertThat(call.replyCode()).as(call.reply().remark()).isEqualTo(expected);
  }

  /** 4.8: also the largest one can be asked about. */
  @Test
  void shouldLeaveRoomForTheNumberOfTheCheckInTheProperties() {
    // given
    FakeConnection producer = transactions.producer(TestTransactions.GROUP, "p@1", 1);
    String name =
        "t".repeat(255); // so much is kept aside that what is visible is within its own limit
    String seconds = "0".repeat(200) + "6";
    String control = "TRAN_MSG\u0001true\u0002PGROUP\u0001orders-service\u0002ESCROW_TX\u0001"
        + name + "\u0002CHECK_IMMUNITY_TIME_IN_SECONDS\u0001" + seconds + "\u0002";
    int least = control.length()
        + transactions
            .broker
            .forge
            .complete("UNIQ_KEY\u0001U\u0002a\u0001\u0002")
            .length();
    int most = Short.MAX_VALUE - 64 - least;

    // when
    FakeCall taken = sendNamed(producer, name, seconds, "x".repeat(most));
    FakeCall refused = sendNamed(producer, name, seconds, "x".repeat(most + 1));
    transactions.advance(6_000);

    // then
    assertThat(taken.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(refused.reply().remark()).contains("32704 bytes, at most 32703");
    assertThat(producer.notified()).hasSize(1);
  }

  private FakeCall sendNamed(
      FakeConnection producer, String name, String immunitySeconds, String value) {
    return transactions.sendHalf(
        producer,
        TOPIC,
        1,
        "body",
        "ESCROW_TX",
        name,
        "CHECK_IMMUNITY_TIME_IN_SECONDS",
        immunitySeconds,
        "UNIQ_KEY",
        "U",
        "a",
        value);
  }
}
