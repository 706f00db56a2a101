package io.escrowmq.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What loops and pools may rely on, whoever turns them. */
abstract class LoopsContract {

  /** What is tested. */
  abstract Surroundings surroundings();

  /** Lets things happen until the condition holds. Fails when it never does. */
  abstract void until(BooleanSupplier condition);

  /** A loop that counts its turns, moves what is put into it and fails when told so. */
  private static final class CountingLoop implements Loop {

    final AtomicInteger turns = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger moved = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger(); // to come
    private final Ticker ticker;
    private final long everyMillis;

    CountingLoop(Ticker ticker, long everyMillis) {
      this.ticker = ticker;
      this.everyMillis = everyMillis;
    }

    @Override
    public int turn() {
      turns.incrementAndGet();
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("this turn fails, as the test wants");
      }
      int taken = waiting.get() > 0 ? 1 : 0;
      waiting.addAndGet(-taken);
      moved.addAndGet(taken);
      return taken;
    }

    @Override
    public boolean hasWork() {
      return waiting.get() > 0;
    }

    @Override
    public long nextMillis() {
      return everyMillis == Long.MAX_VALUE ? Long.MAX_VALUE : ticker.millis() + everyMillis;
    }
  }

  private CountingLoop loop(long everyMillis) {
    return new CountingLoop(surroundings().ticker(), everyMillis);
  }

  @Test
  void shouldTurnALoopThatIsWoken() {
    // given
    CountingLoop loop = loop(Long.MAX_VALUE);
    Worker worker = surroundings().worker("woken");
    worker.start(loop);
    until(() -> loop.turns.get() > 0);

    // when
    loop.waiting.addAndGet(3);
    worker.wake();

    // then
    until(() -> loop.moved.get() == 3);
    worker.close();
  }

  @Test
  void shouldFindWhatWaitedBeforeTheStartThoughItWasWokenTooEarly() {
    CountingLoop loop = loop(Long.MAX_VALUE);
    Worker worker = surroundings().worker("early");
    loop.waiting.incrementAndGet();
    worker.wake();

    worker.start(loop);

    until(() -> loop.moved.get() == 1);
    worker.close();
  }

  @Test
  void shouldTurnALoopWhenItsOwnTimeComes() {
    CountingLoop loop = loop(5);
    Worker worker = surroundings().worker("timed");

    worker.start(loop);

    until(() -> loop.turns.get() >= 4);
    worker.close();
  }

  @Test
  void shouldGoOnAfterATurnThatFailed() {
    CountingLoop loop = loop(5);
    loop.failures.set(1);
    loop.waiting.set(1);
    Worker worker = surroundings().worker("failing");

    worker.start(loop);

    until(() -> loop.moved.get() == 1);
    worker.close();
  }

  @Test
  void shouldFinishWhatWaitsBeforeItIsClosed() {
    CountingLoop loop = loop(Long.MAX_VALUE);
    Worker worker = surroundings().worker("closed");
    worker.start(loop);
    loop.waiting.set(1000);

    worker.close();

    assertThat(loop.moved).hasValue(1000);
    int turns = loop.turns.get();
    worker.wake();
    assertThat(loop.turns).hasValue(turns);
  }

  @Test
  void shouldCloseAWorkerThatNeverHadALoop() {
    surroundings().worker("idle").close();
  }

  @Test
  void shouldRefuseASecondLoop() {
    Worker worker = surroundings().worker("one");
    worker.start(loop(5));

    assertThatThrownBy(() -> worker.start(loop(5))).isInstanceOf(IllegalStateException.class);
    worker.close();
  }

  @Test
  void shouldRunWorkThoughOtherWorkFailed() {
    AtomicInteger done = new AtomicInteger();
    Pool pool = surroundings().loops().pool("pool", 1, 10);

    pool.execute(() -> {
      throw new IllegalStateException("this work fails, as the test wants");
    });
    pool.execute(done::incrementAndGet);

    until(() -> done.get() == 1);
    pool.close();
  }

  @Test
  void shouldRefuseWorkOnceItIsClosed() {
    Pool pool = surroundings().loops().pool("pool", 1, 10);
    pool.close();

    assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void shouldDrawNumbersOfAllSizes() {
    Chance chance = surroundings().chance();
    int[] seen = new int[3];

    for (int i = 0; i < 1000; i++) {
      seen[chance.below(3)]++;
    }

    assertThat(seen).doesNotContain(0);
    assertThat(chance.below(1)).isZero();
    assertThat(chance.secret()).isNotEqualTo(chance.secret());
  }

  @Test
  void shouldNeverTellATimeBeforeAnotherOne() {
    Ticker ticker = surroundings().ticker();
    long nanos = ticker.nanos();
    long millis = ticker.millis();
    for (int i = 0; i < 1000; i++) {
      assertThat(ticker.nanos()).isGreaterThanOrEqualTo(nanos);
      assertThat(ticker.millis()).isGreaterThanOrEqualTo(millis);
      nanos = ticker.nanos();
      millis = ticker.millis();
    }
  }

  @Test
  void shouldWaitForAFutureThatIsDoneInTime() throws InterruptedException {
    // given
    Loops loops = surroundings().loops();
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<Void> failed = new CompletableFuture<>();
    Pool pool = loops.pool("doing", 1, 2);
    pool.execute(() -> done.complete(null));
    pool.execute(() -> failed.completeExceptionally(new IllegalStateException("as it should")));

    // when, then
    assertThat(loops.await(done, TimeUnit.SECONDS.toNanos(30))).isTrue();
    assertThat(loops.await(failed, TimeUnit.SECONDS.toNanos(30))).isTrue();
    pool.close();
  }

  @Test
  void shouldWaitNoLongerThanItWasAskedTo() throws InterruptedException {
    assertThat(surroundings().loops().await(new CompletableFuture<>(), 1_000_000))
        .isFalse();
  }
}
