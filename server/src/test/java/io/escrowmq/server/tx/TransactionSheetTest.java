package io.escrowmq.server.tx;

import static io.escrowmq.server.tx.Samples.NOW_MILLIS;
import static io.escrowmq.server.tx.Samples.entry;
import static io.escrowmq.server.tx.Samples.half;
import static io.escrowmq.server.tx.Samples.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionEntry.Verdict;
import org.junit.jupiter.api.Test;

class TransactionSheetTest {

  @Test
  void shouldPrintAnOpenTransactionWithItsHalfMessages() {
    assertThat(TransactionSheet.of(open(1024, State.IN_DOUBT, half(1024, "Orders")), NOW_MILLIS))
        .isEqualTo("""
            id           7F00000100002A9F0000000000000400
            group        orders
            state        in doubt
            recorded     2023-11-14T22:12:19Z, 1m 1s ago
            sent by      10.0.0.9:50312
            checks       2, the next in 24s

            HALF-MESSAGE                      TOPIC   QUEUE  TAGS  KEYS  UNIQUE KEY      SIZE
            7F00000100002A9F0000000000000400  Orders  3      new   -     0A00000900011F  412 B
            """);
  }

  @Test
  void shouldTellWhoDecidedWhenAndWhy() {
    // given
    Verdict verdict = new Verdict("ROLLBACK", "OPERATOR", NOW_MILLIS, "ann", "never paid");

    // then
    assertThat(TransactionSheet.of(entry(1024, State.ROLLED_BACK, verdict), NOW_MILLIS))
        .contains("state        rolled back\n")
        .contains("checks       2\n")
        .contains("decision     rolled back at 2023-11-14T22:13:20Z by operator ann\n")
        .endsWith("reason       never paid\n");
  }

  @Test
  void shouldTellWhoDecidedWhenItWasNoOperator() {
    assertThat(decidedBy("PRODUCER")).contains(" by the producer\n");
    assertThat(decidedBy("CHECK")).contains(" by the producer, when it was asked\n");
    assertThat(decidedBy("EXHAUSTION")).contains(" by the broker, after the last check\n");
  }

  private static String decidedBy(String by) {
    Verdict verdict = new Verdict("COMMIT", by, NOW_MILLIS, null, null);
    return TransactionSheet.of(entry(1024, State.COMMITTED, verdict), NOW_MILLIS);
  }
}
