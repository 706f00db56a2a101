package io.escrowmq.remoting.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.OfNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that hold several names: an empty one is none. */
class NameListsTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", ",", ",,", "a,", ",a", "a,,b", "a,b"})
  void shouldNameNothingWhereNothingStands(@Nullable String list) {
    // given
    List<String> expected = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      if (list != null && list.contains(name)) {
        expected.add(name);
      }
    }
    String topics = list == null ? null : list.replace(',', ';');

    // then
    assertThat(named(new CorrectionOffsetHeader(list, "compared", "t")))
        .filteredOn(name -> !name.equals("compared"))
        .isEqualTo(expected);
    assertThat(named(new ConsumeStatsHeader("g", null, topics))).isEqualTo(expected);
  }

  private static List<String> named(OfNames said) {
    List<String> names = new ArrayList<>();
    said.nameTo(new OfNames.Names() {
      @Override
      public void topic(@Nullable String name) {
        names.add(String.valueOf(name));
      }

      @Override
      public void group(@Nullable String name) {
        names.add(String.valueOf(name));
      }

      @Override
      public void cluster(@Nullable String name) {
        names.add(String.valueOf(name));
      }

      @Override
      public void broker(String name) {
        names.add(name);
      }

      @Override
      public void key(String namespace, @Nullable String key) {
        names.add(namespace);
      }
    });
    return names;
  }
}
