package io.escrowmq.demo.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DemandTest {

  @Test
  void shouldNumberEachCustomersOrders() {
    // when
    List<Demand> demands = Demand.all(4, 100);

    // then
    for (Demand demand : demands) {
      assertThat(demands.stream()
              .filter(
                  other -> other.customer() == demand.customer() && other.order() < demand.order())
              .count())
          .isEqualTo(demand.number());
    }
  }

  @Test
  void shouldStockLessThanIsWantedAndMoreThanNothing() {
    // given
    List<Demand> demands = Demand.all(4, 100);

    // then
    Demand.stock(demands)
        .forEach((item, stock) -> assertThat(stock)
            .isPositive()
            .isLessThan(demands.stream()
                .filter(demand -> demand.item().equals(item) && !demand.withdrawn())
                .mapToInt(Demand::quantity)
                .sum()));
  }
}
