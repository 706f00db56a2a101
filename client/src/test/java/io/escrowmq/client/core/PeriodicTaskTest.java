package io.escrowmq.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PeriodicTaskTest {

  private final ManualTimer timer = new ManualTimer();
  private final AtomicInteger turns = new AtomicInteger();
  private final PeriodicTask repeated =
      new PeriodicTask(timer, Duration.ofSeconds(10), turns::incrementAndGet);

  @Test
  void shouldPauseBeforeEachTurn() {
    // given
    repeated.start();

    // when
    timer.advance(Duration.ofSeconds(9));
    int early = turns.get();
    timer.advance(Duration.ofSeconds(21));

    // then
    assertThat(early).isZero();
    assertThat(turns).hasValue(3);
  }

  @Test
  void shouldTakeAHurriedTurnInsteadOfTheNext() {
    // given
    repeated.start();
    timer.advance(Duration.ofSeconds(9));

    // when
    repeated.hurry();
    timer.advance(Duration.ofSeconds(9));

    // then
    assertThat(turns).hasValue(1);
    assertThat(timer.waiting()).isEqualTo(1);
  }

  @Test
  void shouldGoOnAfterATurnThatFailed() {
    // given
    PeriodicTask failing = new PeriodicTask(timer, Duration.ofSeconds(1), () -> {
      if (turns.incrementAndGet() == 1) {
        throw new IllegalStateException("once");
      }
    });
    failing.start();

    // when
    try {
      timer.advance(Duration.ofSeconds(1));
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("once");
    }
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(turns).hasValue(2);
  }

  @Test
  void shouldTakeNoTurnOnceClosed() {
    // given
    repeated.start();

    // when
    repeated.close();
    repeated.hurry();
    timer.advance(Duration.ofSeconds(30));

    // then
    assertThat(turns).hasValue(0);
  }
}
