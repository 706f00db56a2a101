package io.escrowmq.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void shouldFindExactlyWhatIsThere(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      // given
      String sought = text(random, 1 + random.nextInt(20));
      String other = random.nextInt(3) == 0
          ? text(random, random.nextInt(60)) + sought + text(random, random.nextInt(20))
          : text(random, random.nextInt(100));

      // then
      assertThat(new Search(sought).isIn(other))
          .as("seed %s: '%s' in '%s'", seed, sought, other)
          .isEqualTo(other.contains(sought));
    }
  }

  // Of two letters, so that much almost matches.
  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(random.nextInt(4) == 0 ? 'b' : 'a');
    }
    return text.toString();
  }
}
