package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ExitTest {

  private final StringWriter text = new StringWriter();
  private final PrintWriter err = new PrintWriter(text, true);
  private long waitedMillis;

  @Test
  void shouldWaitForAnEndThatTakesLongAndSayThatItDoes() {
    // given: closing takes as long as a slow machine needs
    CountDownLatch slow = new CountDownLatch(1);
    Exit exit = new Exit(err, (closing, millis) -> {
      waitedMillis += millis;
      if (waitedMillis >= 20_000) {
        slow.countDown();
        closing.join();
      }
    });

    // when
    int code = exit.closed(slow::await);

    // then
    assertThat(code).isZero();
    assertThat(text.toString().lines())
        .hasSizeBetween(5, 20)
        .allMatch(line -> line.startsWith("Closing: the log is synced"));
  }

  @Test
  void shouldGiveUpAnEndThatDoesNotComeAndSaySo() {
    // given
    Exit exit = new Exit(err, (closing, millis) -> waitedMillis += millis);

    // when
    int code = exit.closed(new CountDownLatch(1)::await);

    // then: containers give 30 seconds before they kill
    assertThat(code).isEqualTo(1);
    assertThat(text.toString()).contains("Not closed within 25000 ms");
    assertThat(waitedMillis).isBetween(25_000L, 29_000L);
  }

  @Test
  void shouldFailWhenClosingFails() {
    // when
    int code = new Exit(err).closed(() -> {
      throw new IllegalStateException("no disk");
    });

    // then
    assertThat(code).isEqualTo(1);
    assertThat(text.toString()).contains("no disk");
  }
}
