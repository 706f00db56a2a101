package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/half-message.md 6.1: over a bound half-messages are refused with value, limit and setting, and
 * nothing else suffers. Here 100 may be open with 200,000 bytes, 60 with 150,000 of one group.
 */
class EscrowBoundsTest {

  private static final String LARGE = "x".repeat(60_000);

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldRefuseAGroupThatLeavesTooManyOpenAndNobodyElse() {
    // given
    List<Long> open = halves(60, GROUP, "body");

    // when
    FakeCall refused = half(GROUP, "one too many");
    FakeCall another = half("others", "body");
    transactions.broker.send(TOPIC, 2, "plain", "", 0);
    long atTheBound = transactions.metric("rocketmq_half_messages");
    FakeCall commit = transactions.end(open.get(0), TRANSACTION_COMMIT);
    FakeCall again = half(GROUP, "one instead");

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(refused.reply().remark())
        .contains(
            "60 half-messages of the group orders-service", "tx.group-max-open", "at most 60");
    assertThat(another.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 2)).hasSize(1);
    assertThat(atTheBound).isEqualTo(61);
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(again.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldRefuseEveryGroupWhenTooManyAreOpen() {
    // given
    halves(60, GROUP, "body");
    halves(40, "others", "body");

    // when
    FakeCall refused = half("third", "one too many");

    // then
    assertThat(refused.reply().remark())
        .contains("100 half-messages are in escrow", "(tx.max-open)", "at most 100");
  }

  @Test
  void shouldRefuseAGroupThatLeavesTooManyBytesOpenAndNobodyElse() {
    // given
    List<Long> open = halves(2, GROUP, LARGE);
    long bytes = transactions.metric("escrowmq_half_message_bytes");

    // when
    FakeCall refused = half(GROUP, LARGE);
    FakeCall another = half("others", LARGE);
    FakeCall rollback = transactions.end(open.get(0), TRANSACTION_ROLLBACK);
    FakeCall again = half(GROUP, "body");

    // then
    assertThat(refused.reply().remark())
        .contains(
            bytes + " bytes of half-messages of the group orders-service",
            "tx.group-max-open-bytes",
            "at most 150000");
    assertThat(another.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(rollback.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(again.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldRefuseEveryGroupWhenTooManyBytesAreOpen() {
    // given
    halves(2, GROUP, LARGE);
    halves(1, "others", LARGE);
    long bytes = transactions.metric("escrowmq_half_message_bytes");

    // when
    FakeCall refused = half("third", LARGE);

    // then
    assertThat(refused.reply().remark())
        .contains(
            bytes + " bytes of half-messages are in escrow",
            "(tx.max-open-bytes)",
            "at most 200000");
  }

  private List<Long> halves(int count, String group, String body) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(half(group, body).sentPosition());
    }
    return ids;
  }

  private FakeCall half(String group, String body) {
    return transactions.sendHalf(new FakeConnection(50_000), TOPIC, 1, body, "PGROUP", group);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PGROUP", "ESCROW_TX"})
  void shouldRefuseNamesThatAreTooLong(String property) {
    for (int length : new int[] {1, 255, 256, 3_000}) {
      // when
      FakeCall half = transactions.sendHalf(
          new FakeConnection(50_000), TOPIC, 1, "body", property, "x".repeat(length));

      // then
      if (length <= 255) {
        assertThat(half.replyCode()).as(property + length).isEqualTo(ResponseCode.SUCCESS);
      } else {
        assertThat(half.replyCode()).as(property + length).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
        assertThat(half.reply().remark()).contains(length + " characters", "at most 255");
      }
    }
  }
}
