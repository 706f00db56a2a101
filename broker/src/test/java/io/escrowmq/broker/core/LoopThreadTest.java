package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopThreadTest {

  @Test
  void shouldTurnItsLoopAgainAfterATurnThatFailed() throws InterruptedException {
    // given
    AtomicInteger turns = new AtomicInteger();
    CountDownLatch failed = new CountDownLatch(1);
    Runnable work = () -> {
      if (turns.incrementAndGet() == 1) {
        failed.countDown();
        throw new IllegalStateException("the first turn fails, as the test wants");
      }
    };
    Ticker ticker = () -> 0;
    LoopThread thread = new LoopThread("failing-loop", new Periodic(work, 0, ticker), ticker);

    // when
    thread.start();
    boolean begun = failed.await(10, TimeUnit.SECONDS);
    thread.close();

    // then
    assertThat(begun).isTrue();
    assertThat(turns).hasValueGreaterThan(1);
  }

  /** Not only a turn may fail: what is asked between two turns may, too. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldTurnItsLoopAgainWhenWhatItAsksBetweenTurnsHasFailed(int asked)
      throws InterruptedException {
    // given
    AtomicInteger failures = new AtomicInteger();
    CountDownLatch turnedAgain = new CountDownLatch(2);
    Loop loop = new Loop() {
      @Override
      public int turn() {
        turnedAgain.countDown();
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
        if (asked == what && failures.incrementAndGet() == 1) {
          throw new IllegalStateException("it fails once, as the test wants");
        }
      }
    };
    Ticker ticker = () -> {
      if (asked == 2 && failures.incrementAndGet() == 1) {
        throw new IllegalStateException("the clock fails once, as the test wants");
      }
      return 0;
    };
    LoopThread thread = new LoopThread("failing-loop", loop, ticker);

    // when
    thread.start();
    boolean again = turnedAgain.await(10, TimeUnit.SECONDS);
    thread.close();

    // then
    assertThat(again).isTrue();
    assertThat(failures).hasValueGreaterThan(0);
  }
}
