package io.escrowmq.namesrv.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedTreeTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261122})
  void shouldHoldWhatAnOrdinaryMapHolds(long seed) {
    // given
    Random random = new Random(seed);
    Map<String, Integer> model = new TreeMap<>();
    SortedTree<Integer> tree = SortedTree.empty();

    for (int step = 0; step < 4_000; step++) {
      // when
      String key = "topic-" + random.nextInt(300);
      if (random.nextInt(100) < 55) {
        model.put(key, step);
        tree = tree.with(key, step);
      } else {
        model.remove(key);
        tree = tree.without(key);
      }

      // then
      if (tree.size() != model.size() || !Objects.equals(tree.find(key), model.get(key))) {
        fail("seed " + seed + ", step " + step + ": " + key + " is " + tree.find(key));
      }
    }
    assertThat(content(tree).entrySet())
        .as("seed %d", seed)
        .containsExactlyElementsOf(model.entrySet());
  }

  @Test
  void shouldLeaveEveryEarlierTreeAsItWas() {
    // given
    List<SortedTree<Integer>> trees = new ArrayList<>();
    SortedTree<Integer> tree = SortedTree.empty();
    for (int i = 0; i < 100; i++) {
      trees.add(tree);
      tree = tree.with("t" + i, i);
    }

    // when
    SortedTree<Integer> emptied = tree;
    for (int i = 0; i < 100; i++) {
      emptied = emptied.without("t" + i);
    }

    // then
    assertThat(emptied.size()).isZero();
    for (int i = 0; i < 100; i++) {
      assertThat(content(trees.get(i))).hasSize(i).doesNotContainKey("t" + i);
    }
  }

  @Test
  void shouldStayShallowWhenKeysComeInOrder() {
    // given
    SortedTree<Integer> tree = SortedTree.empty();

    // when
    for (int i = 0; i < 100_000; i++) {
      tree = tree.with("t" + (100_000 + i), i);
    }

    // then: a perfect tree has 17 levels
    assertThat(tree.depth()).isLessThanOrEqualTo(2 * 17);
  }

  private static Map<String, Integer> content(SortedTree<Integer> tree) {
    Map<String, Integer> content = new LinkedHashMap<>();
    tree.forEach(content::put);
    return content;
  }
}
