package io.escrowmq.simulation;

import io.escrowmq.client.wiring.ClientSurroundings;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Name servers, brokers and the machines of clients: all that is in a world, and its time. */
final class Cluster {

  private final Simulator world;
  private final History history;
  private final boolean losesTail;
  private final NetworkState network;
  private final List<NameServer> nameServers = new ArrayList<>();
  private final List<SimulatedBroker> brokers = new ArrayList<>();
  private final Map<String, SimulatedMachine> clients = new HashMap<>();
  private final ShopFiles shopFiles = new ShopFiles();
  private @Nullable Throwable broken;

  Cluster(Simulator world, Conditions conditions, History history) {
    this.world = world;
    this.history = history;
    this.losesTail = conditions.losesTail();
    this.network = new NetworkState(world, this::tell);
    for (int i = 0; i < conditions.nameServers(); i++) {
      nameServers.add(new NameServer(i, world, network, this::tell));
    }
    for (int i = 0; i < conditions.brokers(); i++) {
      brokers.add(new SimulatedBroker(i, conditions, world, network, this::tell));
    }
  }

  void start() {
    nameServers.forEach(NameServer::start);
    brokers.forEach(SimulatedBroker::start);
  }

  List<NameServer> nameServers() {
    return nameServers;
  }

  List<SimulatedBroker> brokers() {
    return brokers;
  }

  SimulatedBroker broker(int number) {
    return brokers.get(number);
  }

  /** The number of the broker of this name. */
  int brokerOf(String name) {
    return Settings.BROKER_NAMES.indexOf(name);
  }

  NetworkState network() {
    return network;
  }

  /** Whether a failure of the power may take what was acknowledged. */
  boolean losesTail() {
    return losesTail;
  }

  /** From now on nothing fails. */
  void heal() {
    tell("from now on nothing fails");
    brokers.forEach(broker -> broker.disk().heal());
    network.mend();
    network.speedUp();
  }

  /** Whether what is sent to a broker now, or to any, is likely to be answered well. */
  boolean canAnswer(int broker) {
    return broker == Entry.ANY
        ? brokers.stream().allMatch(SimulatedBroker::canAnswer)
        : broker(broker).canAnswer();
  }

  /** Where the newest segment of each broker's log begins. */
  long[] logEnds() {
    return brokers.stream().mapToLong(SimulatedBroker::logEnd).toArray();
  }

  // Clients

  RemotingClient client(String name, RequestTable requests) {
    return network.of(machine(name)).client(requests, RemotingSettings.forClient());
  }

  private SimulatedMachine machine(String client) {
    return clients.computeIfAbsent(client, world::machine);
  }

  long millis(String client) {
    return machine(client).surroundings().clock().millis();
  }

  void after(String client, Duration time, Runnable action) {
    machine(client).afterNanos(time.toNanos(), () -> guarded(action));
  }

  /** A new machine for an application, in place of the one before. */
  ClientSurroundings startShop(String name, InetAddress host, int process) {
    SimulatedMachine machine = world.machine(name + "-" + process);
    clients.put(name, machine);
    return new ClientSurroundings(
        machine.surroundings(), network.of(machine), shopFiles, host, process);
  }

  void crashShop(String name) {
    machine(name).crash();
  }

  /** Has the application do this in a thread of its own, that may wait. */
  void soonInShop(String name, Runnable action) {
    machine(name).afterNanos(1, action);
  }

  // The world

  /** A number below this one, by chance. */
  int draw(int bound) {
    return world.random().nextInt(bound);
  }

  /** Chance, for what no step decides. */
  boolean tossesHeads() {
    return world.random().nextBoolean();
  }

  /** The time of the world. */
  long nanos() {
    return world.nanos();
  }

  /** Has this happen to the world, whoever has crashed by then. */
  void soon(Duration time, Runnable action) {
    world.after(time, () -> guarded(action));
  }

  /** Lets time pass in the middle of what somebody does. */
  void passMeanwhile(Duration time) {
    world.run(time);
  }

  /** Runs what looks at answers; the first promise that it finds broken ends the simulation. */
  void guarded(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException | Error e) {
      if (broken == null) {
        broken = e;
      }
    }
  }

  /** Lets time pass, with all that is due meanwhile; fails when a promise turned out to be broken. */
  void pass(Duration time) {
    world.run(time);
    Throwable first =
        broken == null && !world.failures().isEmpty() ? world.failures().get(0) : broken;
    if (first != null) {
      throw first instanceof Violation known ? known : new IllegalStateException(first);
    }
  }

  void tell(String event) {
    history.add(world.nanos(), event);
  }
}
