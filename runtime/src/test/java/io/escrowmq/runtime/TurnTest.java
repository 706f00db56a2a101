package io.escrowmq.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnTest {

  private static final int THREADS = 4;
  private static final int TIMES = 2_000;

  private static Turn real() {
    return new Turn(TestMachine.REAL.loops(), TestMachine.REAL.ticker()::nanos);
  }

  private int inside; // guarded by a turn

  @Test
  void shouldBeOfOneThreadAtATimeHoweverManyWait() {
    // given
    Turn turn = real();
    List<CompletableFuture<Void>> working = new ArrayList<>();

    // when
    for (int i = 0; i < THREADS; i++) {
      boolean patient = i % 2 == 0;
      working.add(started(() -> {
        for (int time = 0; time < TIMES; time++) {
          takeOne(turn, patient);
          inside++;
          turn.release();
        }
      }));
    }
    CompletableFuture.allOf(working.toArray(CompletableFuture<?>[]::new))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();

    // then
    assertThat(inside).isEqualTo(THREADS * TIMES);
    assertThat(turn.tryTake()).isTrue();
  }

  private static void takeOne(Turn turn, boolean patient) {
    boolean took = patient;
    if (patient) {
      turn.take();
    }
    while (!took) {
      try {
        took = turn.take(1_000); // over before it comes, as often as not
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static CompletableFuture<Void> started(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    new Thread(() -> {
          try {
            work.run();
            done.complete(null);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        })
        .start();
    return done;
  }

  @Test
  void shouldBeGivenBackAsOftenAsItWasTaken() {
    // given
    Turn turn = real();
    turn.take();
    turn.take();

    // when
    turn.release();

    // then
    assertThat(turn.isMine()).isTrue();
    assertThat(byAnother(turn)).isFalse();
    turn.release();
    assertThat(turn.isMine()).isFalse();
    assertThat(byAnother(turn)).isTrue();
    assertThatThrownBy(turn::release).isInstanceOf(IllegalStateException.class);
  }

  private static boolean byAnother(Turn turn) {
    return CompletableFuture.supplyAsync(turn::tryTake).join();
  }

  @Test
  void shouldTellOneThreadOfAReleaseHoweverManyWait() throws InterruptedException {
    // given
    AwaitedReleases releases = new AwaitedReleases(THREADS);
    Turn turn = new Turn(releases, TestMachine.REAL.ticker()::nanos);
    CompletableFuture<Void> taken = new CompletableFuture<>();
    CompletableFuture<Void> used = new CompletableFuture<>();
    turn.take();
    List<CompletableFuture<Void>> working = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      working.add(started(() -> {
        turn.take();
        taken.complete(null);
        used.join();
        turn.release();
      }));
    }
    releases.all.await();

    // when
    turn.release();
    taken.orTimeout(60, TimeUnit.SECONDS).join();

    // then
    assertThat(releases.awaited).filteredOn(CompletableFuture::isDone).hasSize(1);
    used.complete(null);
    CompletableFuture.allOf(working.toArray(CompletableFuture<?>[]::new))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
    assertThat(releases.awaited).as("each waits once").hasSize(THREADS);
  }

  /** Threads that wait, and what for. */
  private static final class AwaitedReleases implements Loops {

    private final Loops real = TestMachine.REAL.loops();
    private final Queue<CompletableFuture<?>> awaited = new ConcurrentLinkedQueue<>();
    private final CountDownLatch all;

    AwaitedReleases(int threads) {
      all = new CountDownLatch(threads);
    }

    @Override
    public <T> T await(CompletableFuture<T> future)
        throws InterruptedException, ExecutionException {
      awaited.add(future);
      all.countDown();
      return real.await(future);
    }

    @Override
    public boolean await(CompletableFuture<?> future, long nanos) throws InterruptedException {
      return real.await(future, nanos);
    }

    @Override
    public Worker worker(String name, Ticker ticker) {
      return real.worker(name, ticker);
    }

    @Override
    public Pool pool(String name, int most, int waiting) {
      return real.pool(name, most, waiting);
    }
  }

  @Test
  void shouldTellTheNextWhenTheOneThatWasToldIsInterrupted() throws InterruptedException {
    // given
    Turn turn = real();
    turn.take();
    CountDownLatch begun = new CountDownLatch(2);
    Thread interrupted = new Thread(() -> {
      begun.countDown();
      try {
        turn.take(TimeUnit.MINUTES.toNanos(1));
      } catch (InterruptedException e) {
        return;
      }
      turn.release();
    });
    CompletableFuture<Void> next = new CompletableFuture<>();
    Thread waits = new Thread(() -> {
      begun.countDown();
      turn.take();
      turn.release();
      next.complete(null);
    });
    interrupted.start();
    waits.start();
    begun.await();

    // when
    interrupted.interrupt();
    turn.release();

    // then
    next.orTimeout(60, TimeUnit.SECONDS).join();
    interrupted.join();
    waits.join();
  }

  @Test
  void shouldKeepAnInterruptWhileItWaitsForAsLongAsItTakes() {
    // given
    Turn turn = real();
    turn.take();
    CompletableFuture<Boolean> kept = new CompletableFuture<>();
    Thread waits = new Thread(() -> {
      Thread.currentThread().interrupt();
      turn.take();
      kept.complete(Thread.currentThread().isInterrupted());
    });

    // when
    waits.start();
    turn.release();

    // then
    assertThat(kept.orTimeout(60, TimeUnit.SECONDS).join()).isTrue();
  }

  @Test
  void shouldLetASimulatedWorldGoOnWhileItIsWaitedFor() throws Exception {
    // given
    Simulator world = new Simulator(1);
    Surroundings machine = new SimulatedMachine("m", world).surroundings();
    Turn turn = new Turn(machine.loops(), machine.ticker()::nanos);
    CompletableFuture.runAsync(turn::take).join(); // by another thread, which is gone
    List<Long> seen = new ArrayList<>();
    long begun = world.nanos();
    world.after(Duration.ofMillis(400), () -> seen.add(world.nanos() - begun));

    // when
    boolean taken = turn.take(TimeUnit.SECONDS.toNanos(1));

    // then
    assertThat(taken).isFalse();
    assertThat(seen).containsExactly(TimeUnit.MILLISECONDS.toNanos(400));
    assertThat(world.nanos() - begun).isEqualTo(TimeUnit.SECONDS.toNanos(1));
  }
}
