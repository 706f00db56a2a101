package io.escrowmq.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.Test;

class HalfMessagesTest {

  @Test
  void shouldMarkAMessageAsTheClientMarksAHalfMessage() {
    // when
    Message message = new HalfMessages("T", "orders", 100, 0).get();

    // then
    assertThat(message.getProperty("TRAN_MSG")).isEqualTo("true");
    assertThat(message.getProperty("PGROUP")).isEqualTo("orders");
    assertThat(message.getBody()).hasSize(100);
  }

  @Test
  void shouldHandOutNoFasterThanItsPace() {
    // given
    HalfMessages halves = new HalfMessages("T", "orders", 1, 100);
    long since = System.nanoTime();

    // when: the first is due at once
    for (int i = 0; i < 4; i++) {
      halves.get();
    }

    // then
    assertThat(System.nanoTime() - since).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(29));
  }
}
