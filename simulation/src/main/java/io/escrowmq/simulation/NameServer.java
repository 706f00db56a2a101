package io.escrowmq.simulation;

import io.escrowmq.namesrv.Namesrv;
import io.escrowmq.namesrv.NamesrvSettings;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.remoting.Machine;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A name server. It forgets all when it crashes: brokers tell it again. */
final class NameServer {

  final String address;
  private final String name;
  private final Simulator world;
  private final NetworkState network;
  private final Consumer<String> tell;
  private @Nullable SimulatedMachine machine;

  NameServer(int number, Simulator world, NetworkState network, Consumer<String> tell) {
    this.address = Settings.NAME_SERVERS.get(number);
    this.name = "namesrv-" + number;
    this.world = world;
    this.network = network;
    this.tell = tell;
  }

  boolean isUp() {
    return machine != null;
  }

  void start() {
    SimulatedMachine starting = world.machine(name);
    machine = starting;
    new Namesrv(
            NamesrvSettings.of(Settings.address(address), null),
            new Machine<>(
                (directory, file) -> KvFile.forgetful(),
                network.of(starting),
                starting.surroundings()))
        .start();
    tell.accept(name + " is up");
  }

  void crash(boolean powerFails) {
    SimulatedMachine crashing = machine;
    if (crashing == null) {
      return;
    }
    tell.accept(powerFails ? "the power of " + name + " fails" : name + " is killed");
    if (powerFails) {
      network.powerOff(crashing);
    } else {
      crashing.crash();
    }
    machine = null;
  }
}
