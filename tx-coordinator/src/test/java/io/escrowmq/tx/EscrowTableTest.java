package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscrowTableTest {

  private final GroupLedger group = new GroupLedger("g");
  private final EscrowTable table = new EscrowTable();

  @Test
  void shouldRefuseToRemoveWhatIsNotThere() {
    assertThatThrownBy(() -> table.remove(escrow(8))).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldAgreeWithAMap(long seed) {
    Random random = new Random(seed);
    Map<Long, Escrow> model = new HashMap<>();
    List<Long> ids = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      boolean grows = step < 8_000 || random.nextInt(3) == 0;
      if (grows) {
        Escrow escrow = escrow(8L * random.nextInt(1 << 20));
        if (model.putIfAbsent(escrow.id, escrow) == null) {
          table.add(escrow);
          ids.add(escrow.id);
        }
      } else if (!ids.isEmpty()) {
        long id = ids.remove(random.nextInt(ids.size()));
        table.remove(model.remove(id));
        assertThat(table.find(id)).as("seed %d, step %d", seed, step).isNull();
      }
    }
    assertThat(ids)
        .as("seed %d", seed)
        .allSatisfy(id -> assertThat(table.find(id)).isSameAs(model.get(id)));
  }

  private Escrow escrow(long id) {
    return new Escrow(id, 0, group, 1);
  }
}
