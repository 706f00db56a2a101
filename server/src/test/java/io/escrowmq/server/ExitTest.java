package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ExitTest {

  private static final long A_LONG_TIME = 600_000;

  @Test
  void shouldWaitForAnEndThatTakesLongAndSayThatItDoes() {
    // given: closing ends only when somebody was told that it goes on
    CountDownLatch told = new CountDownLatch(1);
    StringWriter text = new StringWriter();
    PrintWriter err = new PrintWriter(text) {
      @Override
      public void println(String line) {
        super.println(line);
        told.countDown();
      }
    };
    Exit exit = new Exit(err, A_LONG_TIME, 1);

    // when
    int code = exit.closed(told::await);

    // then
    assertThat(code).isZero();
    assertThat(text.toString()).startsWith("Closing: the log is synced");
  }

  @Test
  void shouldGiveUpAnEndThatDoesNotComeAndSaySo() {
    // given
    StringWriter text = new StringWriter();
    Exit exit = new Exit(new PrintWriter(text, true), 1, 1);

    // when
    int code = exit.closed(new CountDownLatch(1)::await);

    // then
    assertThat(code).isEqualTo(1);
    assertThat(text.toString()).contains("Not closed within 1 ms");
  }

  @Test
  void shouldFailWhenClosingFails() {
    // given
    StringWriter text = new StringWriter();
    Exit exit = new Exit(new PrintWriter(text, true), A_LONG_TIME, A_LONG_TIME);

    // when
    int code = exit.closed(() -> {
      throw new IllegalStateException("no disk");
    });

    // then
    assertThat(code).isEqualTo(1);
    assertThat(text.toString()).contains("no disk");
  }
}
