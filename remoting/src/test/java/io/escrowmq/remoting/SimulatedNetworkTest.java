package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

  @Test
  void shouldServeOthersBetweenPiecesOfMuchWork() {
    // given
    int pieces = 300;
    AtomicInteger done = new AtomicInteger();
    AtomicInteger doneBefore = new AtomicInteger();
    RequestTable table = RequestTable.of(
        RequestTable.on(
            ContractPeers.NOTE, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
              done.incrementAndGet();
              call.giveWay();
            }),
        RequestTable.on(
            ContractPeers.ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
              doneBefore.set(done.get());
              call.reply(Reply.ok());
            }));
    String address = text(server(table, RemotingSettings.forServer(1)).address());
    RemotingClient other = client();
    answer(other.call(address, ContractPeers.request(ContractPeers.ECHO, 0), LONG));
    RemotingClient busy = client();

    // when
    for (int number = 0; number < pieces; number++) {
      busy.notify(address, ContractPeers.request(ContractPeers.NOTE, number));
    }
    until(() -> done.get() > 0);
    answer(other.call(address, ContractPeers.request(ContractPeers.ECHO, 1), LONG));

    // then
    assertThat(doneBefore.get()).isBetween(1, pieces - 1);
    until(() -> done.get() == pieces);
  }

  @AfterEach
  void shouldHaveFailedNowhere() {
    assertThat(world.failures()).isEmpty();
  }
}
