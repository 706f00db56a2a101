package io.escrowmq.demo.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.demo.DatabaseKind;
import io.escrowmq.demo.Mode;
import io.escrowmq.demo.Role;
import io.escrowmq.demo.chaos.Fault.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PlanTest {

  private static final int OPEN = 12;

  @Test
  void shouldMakeTheSamePlanFromTheSameSeed() {
    assertThat(Plan.of(5, 200, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2))
        .isEqualTo(Plan.of(5, 200, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2));
    assertThat(Plan.of(5, 200, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2))
        .isNotEqualTo(Plan.of(6, 200, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2));
  }

  @Test
  void shouldDoToTheOrderServiceWhatItDoesWhileOrdersAreToBePlaced() {
    assertThat(Plan.of(3, 100, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2))
        .filteredOn(fault -> fault.role() == Role.ORDERS)
        .isNotEmpty()
        .allMatch(fault -> fault.afterOrders() < 80 - OPEN);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void shouldShowWhatTheGuardsAreForWithFewOrdersToo(Mode mode) {
    // when
    List<Fault> faults = Plan.of(1, 10, OPEN, mode, DatabaseKind.POSTGRES);

    // then
    assertThat(faults)
        .anyMatch(fault -> fault.kind() == Kind.KILL_SERVICE
            && fault.role() == Role.ORDERS
            && fault.point() == Point.COMMITTED);
    assertThat(faults)
        .anyMatch(fault -> fault.kind() == Kind.KILL_SERVICE
            && fault.role() == Role.INVENTORY
            && fault.point() == Point.HANDLED);
    assertThat(faults.stream().anyMatch(fault -> fault.kind() == Kind.KILL_DATABASE))
        .isEqualTo(mode != Mode.JTA);
    assertThat(faults.stream().anyMatch(fault -> fault.kind() == Kind.LATE_COMMIT))
        .isEqualTo(mode.isChecked());
  }

  @Test
  void shouldKillEveryServiceAtEveryStepWhenThereAreOrdersEnough() {
    // when
    List<Fault> faults = Plan.of(1, 1_000, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2);

    // then
    for (Role role : Role.values()) {
      assertThat(faults.stream()
              .filter(fault -> fault.kind() == Kind.KILL_SERVICE && fault.role() == role)
              .map(Fault::point))
          .containsExactlyInAnyOrder(
              Point.BEFORE_OUTCOME_ROW,
              Point.OUTCOME_ROW,
              Point.HALF_SENT,
              Point.BEFORE_COMMIT,
              Point.COMMITTED,
              Point.TOLD,
              Point.DELIVERED,
              Point.HANDLED,
              Point.ACKNOWLEDGED);
    }
  }

  @Test
  void shouldNotKillDatabaseThatIsInTheDriver() {
    assertThat(Plan.of(1, 1_000, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2))
        .noneMatch(fault -> fault.kind() == Kind.KILL_DATABASE);
  }

  @Test
  void shouldArmFaultsWhileOrdersAreLeft() {
    assertThat(Plan.of(3, 100, OPEN, Mode.OUTCOME_TABLE, DatabaseKind.H2))
        .allMatch(fault -> fault.afterOrders() < 80);
  }
}
