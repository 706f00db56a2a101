package io.escrowmq.broker.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArenasTest {

  private static final int LARGEST = 128 << 10;
  private static final int MOST = 32;

  private final Arenas arenas = new Arenas();

  @Test
  void shouldHandOutAnArrayAgainThatWasGivenBack() {
    // given
    byte[] first = arenas.take(10);
    byte[] second = arenas.take(LARGEST);

    // when
    arenas.giveBack(first);

    // then
    assertThat(second).isNotSameAs(first);
    assertThat(arenas.take(LARGEST)).isSameAs(first);
  }

  @Test
  void shouldMakeNoMoreThanSoManyAndThenOnesForOneUse() {
    // given
    Set<byte[]> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < MOST; i++) {
      taken.add(arenas.take(10));
    }

    // when
    byte[] oneMore = arenas.take(10);
    arenas.giveBack(oneMore);

    // then
    assertThat(taken).hasSize(MOST).allSatisfy(array -> assertThat(array).hasSize(LARGEST));
    assertThat(oneMore).hasSize(10);
    assertThat(arenas.take(11)).hasSize(11);
  }

  @Test
  void shouldKeepNoArrayOfABatchThatIsLargerThanMost() {
    // when
    byte[] large = arenas.take(LARGEST + 1);
    arenas.giveBack(large);

    // then
    assertThat(large).hasSize(LARGEST + 1);
    assertThat(arenas.take(LARGEST + 1)).isNotSameAs(large);
  }
}
