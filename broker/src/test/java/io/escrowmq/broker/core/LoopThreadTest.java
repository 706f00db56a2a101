package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopThreadTest {

  @Test
  void shouldTurnItsLoopAgainAfterATurnThatFailed() throws InterruptedException {
    // given
    Failing loop = new Failing();
    LoopThread thread = new LoopThread("failing-loop", loop, InstantSource.system());

    // when
    thread.start();
    boolean begun = loop.failed.await(10, TimeUnit.SECONDS);
    thread.close();

    // then
    assertThat(begun).isTrue();
    assertThat(loop.turns.get()).isGreaterThan(1);
  }

  /** Its first turn fails. */
  private static final class Failing implements Loop {

    private final AtomicInteger turns = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);

    @Override
    public int turn() {
      if (turns.incrementAndGet() == 1) {
        failed.countDown();
        throw new IllegalStateException("the first turn fails, as the test wants");
      }
      return 0;
    }

    @Override
    public boolean hasWork() {
      return false;
    }

    @Override
    public long nextMillis() {
      return Long.MAX_VALUE;
    }
  }
}
