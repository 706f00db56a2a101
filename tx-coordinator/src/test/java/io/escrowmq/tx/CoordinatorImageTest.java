package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that is taken in parts while facts go on is that of the moment when it was begun. */
class CoordinatorImageTest {

  private static final CheckSchedule SCHEDULE = new CheckSchedule(6_000, 10_000, 600_000, 15);

  /** Facts by chance, applied to two coordinators alike. */
  private static final class Story {
    private final Random random;
    private final TransactionCoordinator live = fresh();
    private final TransactionCoordinator twin = fresh(); // of which images are taken at once
    private final List<Long> open = new ArrayList<>(); // leaders
    private final List<Consumer<TransactionCoordinator>> since = new ArrayList<>();
    private long position;

    Story(long seed) {
      random = new Random(seed);
    }

    void goOn(int facts) {
      for (int i = 0; i < facts; i++) {
        goOn();
      }
    }

    private void goOn() {
      int dice = open.isEmpty() ? 0 : random.nextInt(100);
      if (dice < 35) {
        half(random.nextInt(3) == 0 ? "order-" + position : null, -1);
      } else if (dice < 45) {
        half(null, any());
      } else if (dice < 55) {
        long id = any();
        long moved = position += 8;
        tell(it -> it.applyMoved(new StoredHalf(id, moved, 100 + (int) (moved % 50))));
      } else if (dice < 65) {
        long id = any();
        tell(it -> it.applyAsked(id, 7_000 + id));
      } else if (dice < 68) {
        suspendOrResume(any());
      } else {
        decide(random.nextInt(open.size()));
      }
    }

    private void half(@Nullable String name, long leader) {
      long id = position += 8;
      Half half = new Half(
          id, leader < 0 ? id : leader, name, "g" + id % 3, 100, id, SCHEDULE.firstMillis() + id);
      tell(it -> it.apply(half));
      if (leader < 0) {
        open.add(id);
      }
    }

    private void suspendOrResume(long id) {
      OpenTransaction found = live.find(id);
      if (found != null && found.suspended()) {
        tell(it -> it.applyResumed(id, 9_000));
      } else {
        tell(it -> it.applySuspended(id));
      }
    }

    private void decide(int index) {
      long id = open.remove(index);
      Verdict verdict = random.nextBoolean() ? Verdict.COMMIT : Verdict.ROLLBACK;
      long now = position;
      tell(it -> it.apply(new Decision(id, verdict, Decider.PRODUCER, now)));
    }

    void decideSo(boolean isNamed, int many) {
      for (int i = 0; i < many; i++) {
        half(isNamed ? "decided-" + position : null, -1);
      }
      decideAll();
    }

    void decideAll() {
      while (!open.isEmpty()) {
        decide(open.size() - 1);
      }
    }

    private void tell(Consumer<TransactionCoordinator> fact) {
      fact.accept(live);
      fact.accept(twin);
      since.add(fact);
    }

    // The oldest and the youngest often: the ends of the lists.
    private long any() {
      int last = open.size() - 1;
      return open.get(
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> last;
            default -> random.nextInt(last + 1);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldBeTheStateOfTheMomentWhenItWasBegunWhateverHappensMeanwhile(long seed)
      throws IOException {
    // given: several parts are open, and decided ones are forgotten
    Story story = new Story(seed);
    for (int i = 0; i < 3 * CoordinatorImage.ROWS_AT_ONCE; i++) {
      story.half(i % 2 == 0 ? "first-" + i : null, -1);
    }
    story.goOn(EscrowBook.REMEMBERED * 4);

    for (int round = 0; round < 4; round++) {
      // when
      byte[] expected = Conversation.image(story.twin);
      CoordinatorImage image = story.live.beginImage();
      story.since.clear();
      do {
        story.goOn(story.random.nextInt(600));
      } while (!image.take());
      story.goOn(story.random.nextInt(600));

      // then
      String where = "seed " + seed + " round " + round;
      TransactionCoordinator restored = restored(image);
      assertThat(Conversation.image(restored)).as(where).isEqualTo(expected);
      story.since.forEach(fact -> fact.accept(restored));
      assertThat(Conversation.image(restored))
          .as("%s: and the facts since", where)
          .isEqualTo(Conversation.image(story.live));
      assertThat(restored.count()).as(where).isEqualTo(story.live.count());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldBeWholeAlthoughAnotherWasBegunBefore(long seed) throws IOException {
    // given
    Story story = new Story(seed);
    story.goOn(300);
    byte[] expectedFirst = Conversation.image(story.twin);
    CoordinatorImage first = story.live.beginImage();
    story.goOn(100);

    // when
    byte[] expectedSecond = Conversation.image(story.twin);
    CoordinatorImage second = story.live.beginImage();
    story.goOn(100);

    // then
    assertThat(Conversation.image(restored(first))).isEqualTo(expectedFirst);
    assertThat(Conversation.image(restored(second))).isEqualTo(expectedSecond);
    assertThat(Conversation.image(story.live)).isEqualTo(Conversation.image(story.twin));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CoordinatorImage.ROWS_AT_ONCE, CoordinatorImage.ROWS_AT_ONCE + 1})
  void shouldBeTheStateAlthoughAllIsDecidedBeforeTheFirstPart(int open) throws IOException {
    // given
    Story story = new Story(1);
    for (int i = 0; i < open; i++) {
      story.half(i % 2 == 0 ? "first-" + i : null, -1);
    }
    byte[] expected = Conversation.image(story.twin);
    CoordinatorImage image = story.live.beginImage();

    // when: and so many more that these decisions are forgotten
    story.decideAll();
    story.decideSo(false, EscrowBook.REMEMBERED);

    // then
    assertThat(Conversation.image(restored(image))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldHoldDecidedOnesThatAreForgottenMeanwhile(boolean isNamed) throws IOException {
    // given: as many as are remembered
    Story story = new Story(1);
    int remembered = isNamed ? EscrowBook.NAMED_REMEMBERED : EscrowBook.REMEMBERED;
    story.decideSo(isNamed, remembered);
    byte[] expected = Conversation.image(story.twin);
    CoordinatorImage image = story.live.beginImage();
    image.take();

    // when
    story.decideSo(isNamed, remembered);

    // then
    assertThat(Conversation.image(restored(image))).isEqualTo(expected);
  }

  @Test
  void shouldTakeABoundedPartAtATime() {
    // given
    Story story = new Story(1);
    int parts = 4;
    for (int i = 0; i < parts * CoordinatorImage.ROWS_AT_ONCE; i++) {
      story.half(null, -1);
    }
    CoordinatorImage image = story.live.beginImage();

    // when
    int taken = 1;
    while (!image.take()) {
      taken++;
    }

    // then: the last one finds that nothing is missing
    assertThat(taken).isEqualTo(parts + 1);
  }

  private static TransactionCoordinator restored(CoordinatorImage image) throws IOException {
    while (!image.take()) {
      // the rest
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image.writeTo(new DataOutputStream(bytes));
    TransactionCoordinator restored = fresh();
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return restored;
  }

  private static TransactionCoordinator fresh() {
    return new TransactionCoordinator(SCHEDULE, Bounds.NONE, 1);
  }
}
