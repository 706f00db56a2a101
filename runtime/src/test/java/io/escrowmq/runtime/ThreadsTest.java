package io.escrowmq.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest extends LoopsContract {

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Surroundings machine = Surroundings.ofThisMachine(
      (name, failure) -> failures.add(name + ": " + failure.getMessage()));

  @Override
  Surroundings surroundings() {
    return machine;
  }

  @Override
  void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(100_000);
    }
  }

  @Test
  void shouldSayWhichLoopFailed() {
    AtomicInteger turns = new AtomicInteger();
    Worker worker = machine.worker("failing-loop");

    worker.start(new Periodic(
        () -> {
          if (turns.incrementAndGet() == 1) {
            throw new IllegalStateException("as the test wants");
          }
        },
        0,
        machine.ticker()));

    until(() -> turns.get() > 1);
    worker.close();
    assertThat(failures).containsExactly("failing-loop: as the test wants");
  }

  /** Not only a turn may fail: what is asked between two turns may, too. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldTurnItsLoopAgainWhenWhatItAsksBetweenTurnsHasFailed(int asked) {
    // given
    AtomicInteger asks = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    Loop loop = new Loop() {
      @Override
      public int turn() {
        turns.incrementAndGet();
        return 0;
      }

      @Override
      public boolean hasWork() {
        failOnce(0);
        return false;
      }

      @Override
      public long nextMillis() {
        failOnce(1);
        return 0;
      }

      private void failOnce(int what) {
        if (asked == what && asks.incrementAndGet() == 1) {
          throw new IllegalStateException("it fails once, as the test wants");
        }
      }
    };
    Ticker ticker = () -> {
      if (asked == 2 && asks.incrementAndGet() == 1) {
        throw new IllegalStateException("the clock fails once, as the test wants");
      }
      return 0;
    };
    Worker worker =
        new Threads((name, failure) -> failures.add(name)).worker("failing-loop", ticker);

    // when
    worker.start(loop);

    // then
    until(() -> turns.get() > 1);
    worker.close();
    assertThat(failures).containsExactly("failing-loop");
  }

  @Test
  void shouldRefuseWorkWhenTooMuchWaits() throws InterruptedException {
    // given
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Pool pool = machine.loops().pool("pool", 1, 2);
    pool.execute(() -> {
      begun.countDown();
      await(end);
    });
    begun.await();

    // when
    AtomicInteger done = new AtomicInteger();
    pool.execute(done::incrementAndGet);
    pool.execute(done::incrementAndGet);

    // then
    assertThatThrownBy(() -> pool.execute(done::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
    end.countDown();
    until(() -> done.get() == 2);
    pool.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
