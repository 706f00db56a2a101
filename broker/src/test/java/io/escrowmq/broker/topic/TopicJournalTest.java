package io.escrowmq.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicJournalTest {

  private final TopicJournal journal = new TopicJournal();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldTellTheChangesThatItKnowsAndNothingOfOthers(long seed) {
    // given
    Random random = new Random(seed);
    TreeMap<Long, String> model = new TreeMap<>();
    long begin = random.nextInt(3) * 1_000_000_007L;
    journal.beginBehind(begin);
    for (long counter = begin + 1; counter <= begin + 3L * TopicJournal.CAPACITY; counter++) {
      model.put(counter, "T" + random.nextInt(1_000));
      journal.note(counter, model.get(counter));
      if (random.nextInt(64) > 0) {
        continue;
      }

      // when
      long upTo = counter - random.nextInt(3);
      long after = upTo - random.nextInt(TopicJournal.CAPACITY + 10);
      Set<String> told = journal.between(after, upTo);

      // then
      long oldest = Math.max(begin, counter - TopicJournal.CAPACITY);
      if (after < oldest) {
        assertThat(told)
            .as("seed %d, %d to %d at %d", seed, after, upTo, counter)
            .isNull();
      } else {
        assertThat(told)
            .as("seed %d, %d to %d at %d", seed, after, upTo, counter)
            .isNotNull()
            .hasSameElementsAs(new TreeSet<>(
                model.subMap(after, false, Math.max(after, upTo), true).values()));
      }
    }
  }

  @Test
  void shouldKnowNothingOfVersionsThatAreStillToCome() {
    // given
    journal.note(1, "T");

    // then
    assertThat(journal.between(0, 2)).isNull();
    assertThat(journal.between(1, 1)).isEmpty();
  }

  @Test
  void shouldTakeNoChangeThatFollowsAnother() {
    assertThatThrownBy(() -> journal.note(2, "T"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2 does not follow version 0");
  }
}
