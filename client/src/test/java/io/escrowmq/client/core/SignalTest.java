package io.escrowmq.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.runtime.Surroundings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** In a simulated world: a wait that went past the door to threads would never end here. */
final class SignalTest {

  private final Simulator world = new Simulator(1);
  private final SimulatedMachine machine = world.machine("here");
  private final Surroundings surroundings = machine.surroundings();
  private final LoopTimer timer = new LoopTimer(surroundings, "timer");
  private final Signal signal = new Signal(surroundings.loops(), timer);
  private final AtomicInteger value = new AtomicInteger();

  private long in(Duration time) {
    return timer.nanoTime() + time.toNanos();
  }

  @Test
  void shouldWaitUntilTheConditionHolds() throws InterruptedException {
    // given
    for (int second = 1; second <= 3; second++) {
      timer.after(Duration.ofSeconds(second), () -> {
        value.incrementAndGet();
        signal.raise();
      });
    }
    long before = timer.nanoTime();

    // when
    boolean holds = signal.await(() -> value.get() == 3, in(Duration.ofMinutes(1)));

    // then
    assertThat(holds).isTrue();
    assertThat(timer.nanoTime() - before)
        .isBetween(Duration.ofSeconds(3).toNanos(), Duration.ofSeconds(4).toNanos());
  }

  @Test
  void shouldStopWaitingAtTheDeadline() throws InterruptedException {
    // given
    long deadline = in(Duration.ofSeconds(10));
    timer.after(Duration.ofSeconds(5), signal::raise); // and nothing has changed

    // when
    boolean holds = signal.await(() -> value.get() == 1, deadline);

    // then
    assertThat(holds).isFalse();
    assertThat(timer.nanoTime())
        .isBetween(deadline, deadline + Duration.ofSeconds(1).toNanos());
  }

  @Test
  void shouldNotWaitForWhatHoldsAlready() throws InterruptedException {
    long now = timer.nanoTime();

    assertThat(signal.await(() -> true, now - 1)).isTrue();
    assertThat(signal.await(() -> false, now)).isFalse();
    assertThat(timer.nanoTime()).isEqualTo(now);
  }
}
