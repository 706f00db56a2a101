package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.escrowmq.broker.replica.GroupSettings;
import io.escrowmq.namesrv.Namesrv;
import io.escrowmq.namesrv.NamesrvSettings;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.SimulatedFileSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Three replicas and a name server with their controller: the real code on simulated machines, disks and a simulated
 * network, one thread, one seed.
 */
final class ReplicaWorld {

  static final int REPLICAS = 3;

  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of the group".getBytes(US_ASCII));
  private static final int CONTROLLER_PORT = 9876;
  private static final Duration BETWEEN_POWER_FAILURES = Duration.ofSeconds(4);

  final Simulator simulator;
  final SimulatedNetwork network;
  final List<String> events = new ArrayList<>(); // what was done to it
  private final Random random;
  private final FlushMode flush;
  private final List<SimulatedFileSystem> disks = new ArrayList<>();
  private final Map<Integer, SimulatedMachine> machines = new HashMap<>();
  private final Map<Integer, Replica> replicas = new HashMap<>();
  private final Map<Integer, Long> pausedUntilNanos = new HashMap<>();
  private byte @Nullable [] groups; // what the controller has kept
  private @Nullable SimulatedMachine controller;
  private long nextPowerFailureNanos;

  ReplicaWorld(long seed) {
    simulator = new Simulator(seed);
    network = new SimulatedNetwork(simulator);
    random = simulator.random();
    flush = random.nextBoolean() ? FlushMode.SYNC : FlushMode.ASYNC;
    for (int number = 0; number < REPLICAS; number++) {
      disks.add(new SimulatedFileSystem(random.nextLong()));
    }
  }

  static InetSocketAddress address(int replica) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 11_000 + 100 * replica);
  }

  void tell(String event) {
    events.add("%8.3f s  %s".formatted(simulator.nanos() / 1e9, event));
  }

  // What is there

  void startController() {
    SimulatedMachine starting = simulator.machine("namesrv");
    controller = starting;
    Namesrv started = new Namesrv(
        NamesrvSettings.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), CONTROLLER_PORT),
                Path.of("/namesrv"))
            .controlling(SECRET),
        new Machine<>(
            (directory, name) -> name.equals("groups") ? kept() : KvFile.forgetful(),
            network.of(starting),
            starting.surroundings()));
    started.start();
    tell("the controller is up");
  }

  private KvFile kept() {
    return new KvFile() {
      @Override
      public byte @Nullable [] read() {
        return groups;
      }

      @Override
      public void replace(byte[] content) {
        groups = content.clone();
      }

      @Override
      public void close() {}
    };
  }

  boolean isControllerUp() {
    return controller != null;
  }

  void killController() {
    SimulatedMachine crashing = controller;
    controller = null;
    if (crashing != null) {
      crashing.crash();
      tell("the controller is killed");
    }
  }

  void start(int number) {
    SimulatedMachine starting = simulator.machine("replica-" + number);
    InetSocketAddress forClients = address(number);
    String controllers = "127.0.0.1:" + CONTROLLER_PORT;
    Replica replica = new Replica(
        new TestSettings()
            .directory(Path.of("/data"))
            .segments(128 << 10, 32 << 10)
            .queues(1)
            .flush(flush)
            .network(forClients.getPort(), NetworkSettings.DEFAULT)
            .nameServers(controllers)
            .build(),
        new GroupSettings(
            List.of(controllers),
            new InetSocketAddress(forClients.getAddress(), forClients.getPort() + 1),
            null,
            SECRET,
            2,
            "",
            100),
        new Machine<>(disks.get(number), network.of(starting), starting.surroundings()),
        reason -> {
          throw new IllegalStateException("replica " + number + " ended: " + reason);
        });
    machines.put(number, starting);
    replicas.put(number, replica);
    tell("replica " + number + " is up, flush " + flush);
    replica.start();
  }

  boolean isUp(int number) {
    return replicas.containsKey(number);
  }

  boolean isServing(int number) {
    Replica replica = replicas.get(number);
    return replica != null && replica.isServing();
  }

  private boolean isPaused(int number) {
    return pausedUntilNanos.getOrDefault(number, 0L) > simulator.nanos();
  }

  Network of(SimulatedMachine machine) {
    return network.of(machine);
  }

  // What happens to it

  void kill(int number) {
    machines.get(number).crash();
    disks.get(number).kill();
    replicas.remove(number);
    tell("replica " + number + " is killed");
  }

  /** The power of one machine fails; under flush=async never of several within seconds. */
  void failPower(int number) {
    if (simulator.nanos() < nextPowerFailureNanos || isPaused(number)) {
      return;
    }
    nextPowerFailureNanos = simulator.nanos() + BETWEEN_POWER_FAILURES.toNanos();
    network.powerOff(machines.get(number));
    disks.get(number).crash();
    replicas.remove(number);
    tell("the power of replica " + number + " fails");
  }

  void end(int number) {
    tell("replica " + number + " is ended in order");
    Replica ending = replicas.remove(number);
    ending.close();
    machines.get(number).crash();
    disks.get(number).kill();
    tell("replica " + number + " has ended");
  }

  void pause(int number, Duration time) {
    machines.get(number).pause(time);
    pausedUntilNanos.put(number, simulator.nanos() + time.toNanos());
    tell("replica " + number + " stands still for " + time);
  }

  void isolate(int number) {
    network.isolate(machines.get(number));
    tell("replica " + number + " is cut off");
  }

  /** What one machine sends to another does not arrive. */
  void cutOneWay(int from, int to) {
    if (from != to && machines.containsKey(from) && machines.containsKey(to)) {
      network.link(machines.get(from), machines.get(to)).cut();
      tell("nothing comes from replica " + from + " to replica " + to);
    }
  }

  void mend() {
    network.healAll();
    tell("the network has no cuts");
  }

  /** From now on all is well, and everybody is there. */
  void heal() {
    mend();
    if (!isControllerUp()) {
      startController();
    }
    for (int number = 0; number < REPLICAS; number++) {
      if (!isUp(number)) {
        start(number);
      }
    }
  }
}
