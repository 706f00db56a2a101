package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTableTest {

  private final NameTable table = new NameTable(1);
  private final List<GroupLedger> groups = List.of(new GroupLedger("g"), new GroupLedger("h"));

  @Test
  void shouldTellEqualNamesOfTwoGroupsApart() {
    // given
    Escrow first = leader(8, "order-7", groups.get(0));
    Escrow second = leader(16, "order-7", groups.get(1));

    // when
    table.add(first);
    table.add(second);

    // then
    assertThat(table.find("g", "order-7")).isSameAs(first);
    assertThat(table.find("h", "order-7")).isSameAs(second);
    assertThat(table.find("i", "order-7")).isNull();
    assertThat(first.party == null ? null : first.party.name()).isEqualTo("order-7");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldAgreeWithAMap(long seed) {
    Random random = new Random(seed);
    Map<String, Escrow> model = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      boolean grows = step < 8_000 || random.nextInt(3) == 0;
      if (grows) {
        String name = "ö" + random.nextInt(1 << 20);
        if (!model.containsKey(name)) {
          Escrow escrow = leader(8L * step, name, groups.get(0));
          model.put(name, escrow);
          table.add(escrow);
          names.add(name);
        }
      } else if (!names.isEmpty()) {
        String name = names.remove(random.nextInt(names.size()));
        table.remove(model.remove(name));
        assertThat(table.find("g", name)).as("seed %d, step %d", seed, step).isNull();
      }
    }
    assertThat(names)
        .as("seed %d", seed)
        .allSatisfy(name -> assertThat(table.find("g", name)).isSameAs(model.get(name)));
  }

  private static Escrow leader(long id, String name, GroupLedger group) {
    Escrow escrow = new Escrow(id, 0, group, 1);
    escrow.party = new Party(escrow, name);
    return escrow;
  }
}
