package io.escrowmq.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that is taken in parts while messages come and go is that of the moment when it was begun. */
class DueImageTest {

  private final DueTimes times = new DueTimes();
  private final List<Long> positions = new ArrayList<>();
  private long position;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldBeTheStateOfTheMomentWhenItWasBegunWhateverHappensMeanwhile(long seed)
      throws IOException {
    // given: several parts
    Random random = new Random(seed);
    for (int i = 0; i < 3 * DueImage.SLOTS_AT_ONCE; i++) {
      add(random);
    }
    goOn(random, 5_000);

    for (int round = 0; round < 5; round++) {
      // when
      List<String> expected = rows(times);
      DueImage image = times.beginImage();
      do {
        goOn(random, random.nextInt(3_000));
      } while (!image.take());
      goOn(random, random.nextInt(3_000));

      // then
      assertThat(rows(restored(image))).as("seed %s round %s", seed, round).isEqualTo(expected);
    }
  }

  @Test
  void shouldBeWholeAlthoughAnotherWasBegunBefore() throws IOException {
    // given
    Random random = new Random(1);
    goOn(random, 300);
    List<String> expectedFirst = rows(times);
    DueImage first = times.beginImage();
    goOn(random, 100);

    // when
    List<String> expectedSecond = rows(times);
    DueImage second = times.beginImage();
    goOn(random, 100);

    // then
    assertThat(rows(restored(first))).isEqualTo(expectedFirst);
    assertThat(rows(restored(second))).isEqualTo(expectedSecond);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, DueImage.SLOTS_AT_ONCE - 1, DueImage.SLOTS_AT_ONCE, DueImage.SLOTS_AT_ONCE + 1})
  void shouldTakeABoundedPartAtATime(int messages) {
    // given
    for (int i = 0; i < messages; i++) {
      add(new Random(i));
    }
    DueImage image = times.beginImage();

    // when
    int parts = 1;
    while (!image.take()) {
      parts++;
    }

    // then
    int full = messages / DueImage.SLOTS_AT_ONCE;
    boolean hasRest = messages == 0 || messages % DueImage.SLOTS_AT_ONCE > 0;
    assertThat(parts).isEqualTo(hasRest ? full + 1 : full);
  }

  private void goOn(Random random, int changes) {
    for (int i = 0; i < changes; i++) {
      int dice = positions.isEmpty() ? 0 : random.nextInt(10);
      if (dice < 4) {
        add(random);
      } else if (dice < 7) {
        times.remove(takeOne(random));
      } else if (dice < 9) {
        long from = takeOne(random);
        position += 8;
        times.move(from, position, random.nextInt(1_000));
        positions.add(position);
      } else {
        times.postpone(positions.get(random.nextInt(positions.size())), random.nextInt(1_000));
      }
    }
  }

  private void add(Random random) {
    position += 8;
    times.add(random.nextInt(1_000), position, random.nextInt(1_000));
    positions.add(position);
  }

  private long takeOne(Random random) {
    int index = random.nextInt(positions.size());
    long taken = positions.get(index);
    positions.set(index, positions.get(positions.size() - 1));
    positions.remove(positions.size() - 1);
    return taken;
  }

  private static List<String> rows(DueTimes of) {
    List<String> rows = new ArrayList<>();
    of.forEach((due, at, length) -> rows.add(at + ": due " + due + ", length " + length));
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  private static DueTimes restored(DueImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image.whole().writeTo(new DataOutputStream(bytes));
    DueTimes restored = new DueTimes();
    DueImage.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), restored);
    return restored;
  }
}
