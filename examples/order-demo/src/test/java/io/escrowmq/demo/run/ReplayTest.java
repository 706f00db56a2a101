package io.escrowmq.demo.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.demo.DatabaseKind;
import io.escrowmq.demo.Mode;
import io.escrowmq.demo.chaos.Plan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayTest {

  @Test
  void shouldReadWordsAndPlanOutOfHistory() {
    // given
    Replay run = new Replay(
        List.of("--orders", "1000", "--chaos"),
        Plan.of(3, 1_000, 12, Mode.LISTENER, DatabaseKind.POSTGRES));

    // when
    List<String> history = new ArrayList<>(run.lines());
    history.add("   3.8 s  broker, databases and services run");

    // then
    assertThat(run.plan()).isNotEmpty();
    assertThat(Replay.of(history)).isEqualTo(run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "something else",
        "bin/escrowmq demo --chaos\nplanned: KILL_SERVICE ORDERS",
        "bin/escrowmq demo --chaos\nplanned: KILL_CAT ORDERS COMMITTED 1 0"
      })
  void shouldRefuseWhatIsNoHistory(String text) {
    assertThatThrownBy(() -> Replay.of(text.lines().toList()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
