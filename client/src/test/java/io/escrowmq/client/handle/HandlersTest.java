package io.escrowmq.client.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.core.ManualTimer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who does how much at a time; the test plays the threads. */
final class HandlersTest {

  private final ManualTimer timer = new ManualTimer();
  private final Queue<Runnable> threads = new ArrayDeque<>(); // asked for, not run yet
  private final List<Integer> done = new ArrayList<>();

  private Handlers handlers(int concurrency, double rate) {
    return new Handlers(threads::add, timer, concurrency, new RateLimit(rate));
  }

  private List<Handlers.Work> works(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Handlers.Work) () -> done.add(i))
        .toList();
  }

  private void runAll() {
    for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.run();
    }
  }

  @Test
  void shouldDoEverythingInTurn() {
    // when
    handlers(3, 0).add(works(100));
    runAll();

    // then
    assertThat(done).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void shouldNeverAskForMoreThreadsThanAllowed() {
    // given
    Handlers handlers = handlers(3, 0);
    int[] most = {0};

    // when: each thread is asked for while the others are at work
    handlers.add(IntStream.range(0, 10)
        .mapToObj(i -> (Handlers.Work) () -> {
          done.add(i);
          most[0] = Math.max(most[0], depth(threads));
        })
        .toList());
    runAll();

    // then
    assertThat(done).hasSize(10);
    assertThat(most[0]).isBetween(1, 2); // besides the one at work
  }

  private static int depth(Queue<Runnable> threads) {
    return threads.size();
  }

  @Test
  void shouldBeginNothingWhilePaused() {
    // given
    Handlers handlers = handlers(3, 0);
    handlers.pause();

    // when
    handlers.add(works(5));
    runAll();
    int early = done.size();
    handlers.resume();
    runAll();

    // then
    assertThat(early).isZero();
    assertThat(done).hasSize(5);
  }

  @Test
  void shouldKeepToTheRate() {
    // given
    Handlers handlers = handlers(3, 100);
    handlers.add(works(100));
    runAll();
    int burst = done.size();

    // when
    for (int i = 0; i < 500; i++) {
      timer.advance(Duration.ofMillis(1));
      runAll();
    }

    // then
    assertThat(burst).isBetween(10, 11);
    assertThat(done.size() - burst).isBetween(49, 51);
  }

  @Test
  void shouldDropWhatWaitsWhenClosed() {
    // given
    Handlers handlers = handlers(1, 0);
    handlers.add(works(1));
    handlers.add((Handlers.Work) handlers::close);
    handlers.add(works(5));

    // when
    runAll();
    handlers.add(works(5));
    runAll();

    // then
    assertThat(done).containsExactly(0);
  }

  @Test
  void shouldNotLoseAPlaceToAnErrorOfTheApplication() {
    // given
    Handlers handlers = handlers(1, 0);
    handlers.add((Handlers.Work) () -> {
      throw new StackOverflowError("the application's");
    });

    // when
    assertThatThrownBy(this::runAll).isInstanceOf(StackOverflowError.class);
    handlers.add(works(3));
    runAll();

    // then
    assertThat(done).hasSize(3);
  }

  @Test
  void shouldNotLoseWhatAFailedThreadHadTaken() {
    // given: so many that a thread takes several at once
    Handlers handlers = handlers(1, 0);
    List<Handlers.Work> works = new ArrayList<>(works(50));
    works.set(2, () -> {
      throw new StackOverflowError("the application's");
    });
    handlers.add(works);

    // when
    assertThatThrownBy(this::runAll).isInstanceOf(StackOverflowError.class);
    runAll();

    // then
    assertThat(done).hasSize(49).doesNotContain(2).isSorted();
  }

  @Test
  void shouldBeginNothingMoreOfWhatAThreadHadTakenWhenPaused() {
    // given
    Handlers handlers = handlers(1, 0);
    List<Handlers.Work> works = new ArrayList<>(works(50));
    works.set(2, handlers::pause);
    handlers.add(works);

    // when
    runAll();
    int early = done.size();
    handlers.resume();
    runAll();

    // then
    assertThat(early).isEqualTo(2);
    assertThat(done).hasSize(49).isSorted();
  }
}
