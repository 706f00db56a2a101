package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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
}
