package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Over wires of a world whose time the test turns. */
class SimulatedNetworkTest extends NetworkContract {

  private static final int MOST_STEPS = 200_000;

  private final Simulator world = new Simulator(1);
  private final SimulatedNetwork network = new SimulatedNetwork(world);
  private final SimulatedMachine server = world.machine("server");
  private final SimulatedMachine client = world.machine("client");

  @Override
  Network here() {
    return network.of(server);
  }

  @Override
  Network there() {
    return network.of(client);
  }

  @Override
  void until(BooleanSupplier condition) {
    for (int steps = 0; !condition.getAsBoolean(); steps++) {
      assertThat(steps).as("in bounded time").isLessThan(MOST_STEPS);
      assertThat(world.step()).as("something happens still").isTrue();
    }
  }

  @AfterEach
  void shouldHaveFailedNowhere() {
    assertThat(world.failures()).isEmpty();
  }
}
