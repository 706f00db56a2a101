package io.escrowmq.remoting.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpareArraysTest {

  private final SpareArrays spare = new SpareArrays();

  @Test
  void shouldHandOutWhatWasGivenBackWhenItIsLargeEnough() {
    // given
    byte[] array = spare.take(100);
    spare.giveBack(array);

    // when
    byte[] first = spare.take(90);
    byte[] second = spare.take(90);

    // then
    assertThat(first).isSameAs(array);
    assertThat(second).isNotSameAs(array).hasSize(90);
  }

  @Test
  void shouldHandOutNothingTooSmall() {
    // given
    spare.giveBack(new byte[100]);

    // when, then
    assertThat(spare.take(101)).hasSize(101);
  }

  @Test
  void shouldKeepSoManyBytesAndNoArrayThatIsHuge() {
    // given
    int most = SpareArrays.MOST_BYTES / SpareArrays.LARGEST_BYTES;
    spare.giveBack(new byte[SpareArrays.LARGEST_BYTES + 1]);
    Set<byte[]> given = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i <= most; i++) {
      byte[] array = new byte[SpareArrays.LARGEST_BYTES];
      given.add(array);
      spare.giveBack(array);
    }

    // when
    List<byte[]> taken = Stream.generate(() -> spare.take(1)).limit(most + 2).toList();

    // then
    assertThat(taken.subList(0, most)).allMatch(given::contains);
    assertThat(taken.subList(most, most + 2))
        .allSatisfy(array -> assertThat(array).hasSize(1));
  }

  @Test
  void shouldCountWhatItKeepsAndNoMore() {
    // given
    byte[] array = new byte[SpareArrays.LARGEST_BYTES];

    // when
    for (int i = 0; i <= SpareArrays.MOST_BYTES / SpareArrays.LARGEST_BYTES; i++) {
      spare.giveBack(array);
      assertThat(spare.take(1)).isSameAs(array);
    }
    spare.giveBack(array);

    // then
    assertThat(spare.take(1)).isSameAs(array);
  }
}
