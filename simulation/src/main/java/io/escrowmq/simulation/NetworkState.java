package io.escrowmq.simulation;

import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.simulated.Line;
import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The network between all machines, and how well it works now. */
final class NetworkState {

  private static final double SLOW_PART = 0.05;

  private final SimulatedNetwork network;
  private final Consumer<String> tell;
  private final Set<String> cutOff = new HashSet<>(); // names of machines
  private boolean isSlow;

  NetworkState(Simulator world, Consumer<String> tell) {
    this.network = new SimulatedNetwork(world);
    this.tell = tell;
  }

  /** As this machine sees it. */
  Network of(SimulatedMachine machine) {
    return network.of(machine);
  }

  /** The machine crashes, and nobody is told. */
  void powerOff(SimulatedMachine machine) {
    network.powerOff(machine);
  }

  void breakConnection() {
    tell.accept("a connection breaks");
    network.resetOne();
  }

  /** Nothing gets to this machine or from it, until the network is mended. */
  void isolate(SimulatedMachine machine) {
    tell.accept(machine + " is cut off from the network");
    cutOff.add(machine.toString());
    network.isolate(machine);
  }

  void mend() {
    tell.accept("the network has no cuts");
    cutOff.clear();
    network.healAll();
  }

  boolean hasCuts() {
    return !cutOff.isEmpty();
  }

  boolean isCutOff(String machine) {
    return cutOff.contains(machine);
  }

  /** Everything takes up to so long, and a few things take very long. */
  void slowDown(Duration most, Duration latest) {
    tell.accept("the network takes up to " + most.toMillis() + " ms, seldom " + latest.toMillis());
    network.setAll(Line.GOOD.withDelay(Duration.ofNanos(20_000), most, latest, SLOW_PART));
    isSlow = true;
  }

  void speedUp() {
    tell.accept("the network is as fast as it can be");
    network.setAll(Line.GOOD);
    isSlow = false;
  }

  boolean isSlow() {
    return isSlow;
  }
}
