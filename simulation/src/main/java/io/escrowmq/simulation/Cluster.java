package io.escrowmq.simulation;

import io.escrowmq.broker.Broker;
import io.escrowmq.namesrv.Namesrv;
import io.escrowmq.namesrv.NamesrvSettings;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A name server, a broker and the machines of clients. */
final class Cluster {

  static final String NAMESRV = "127.0.0.1:9876";
  static final String BROKER = "127.0.0.1:10911";

  private final Simulator world;
  private final DirectNetwork network;
  private final History history;
  private final SimulatedFileSystem files;
  private final FlushMode flush;
  private final Map<String, SimulatedMachine> clients = new HashMap<>();
  private @Nullable SimulatedMachine brokerMachine;
  private @Nullable Broker broker;
  private @Nullable Namesrv namesrv;
  private @Nullable Throwable broken;
  private long wallJumpMillis;

  Cluster(Simulator world, FlushMode flush, History history) {
    this.world = world;
    this.flush = flush;
    this.history = history;
    this.network = new DirectNetwork(world);
    this.files = new SimulatedFileSystem(world.random().nextLong());
  }

  void start() {
    SimulatedMachine machine = world.machine("namesrv");
    namesrv = new Namesrv(
        NamesrvSettings.of(address(NAMESRV), null), network.host(machine), machine.surroundings());
    namesrv.start();
    startBroker();
  }

  boolean isBrokerUp() {
    return broker != null;
  }

  /** Starts it on what its disk holds. */
  void startBroker() {
    SimulatedMachine machine = world.machine("broker");
    machine.jump(wallJumpMillis);
    brokerMachine = machine;
    Broker starting =
        new Broker(Settings.broker(flush), files, network.host(machine), machine.surroundings());
    try {
      starting.start();
    } catch (StorageException
        | IllegalStateException e) { // it may start when the disk is well again
      tell("the broker does not start: " + e.getMessage());
      machine.crash();
      network.died(machine);
      files.kill();
      return;
    }
    broker = starting;
    tell("the broker is up");
  }

  /** The process is killed, or the power fails: whatever was not synced survives in part. */
  void crashBroker(boolean power) {
    tell(power ? "the power of the broker fails" : "the broker is killed");
    SimulatedMachine machine = brokerMachine();
    machine.crash();
    network.died(machine);
    if (power) {
      files.crash();
    } else {
      files.kill();
    }
    broker = null;
  }

  /** Ends it in order. */
  void stopBroker() {
    tell("the broker is stopped");
    if (broker != null) {
      broker.close();
    }
    brokerMachine().crash();
    broker = null;
  }

  void pauseBroker(Duration time) {
    tell("the broker stands still for " + time.toMillis() + " ms");
    brokerMachine().pause(time);
  }

  void jumpBrokerClock(long millis) {
    tell("the broker's clock jumps by " + millis + " ms");
    wallJumpMillis += millis;
    brokerMachine().jump(millis);
  }

  void breakConnection() {
    tell("a connection breaks");
    network.breakOne();
  }

  SimulatedFileSystem files() {
    return files;
  }

  private SimulatedMachine brokerMachine() {
    SimulatedMachine machine = brokerMachine;
    if (machine == null) {
      throw new IllegalStateException("the broker was never started");
    }
    return machine;
  }

  RemotingClient client(String name, RequestTable requests) {
    return network.host(machine(name)).client(requests, RemotingSettings.forClient());
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

  @Nullable
  Throwable broken() {
    return broken == null && !world.failures().isEmpty() ? world.failures().get(0) : broken;
  }

  /** Why the broker takes nothing any more; null while it does. */
  @Nullable
  String brokerFailure() {
    return broker == null ? null : broker.failure();
  }

  void tell(String event) {
    history.add(world.nanos(), event);
  }

  static InetSocketAddress address(String text) {
    int colon = text.indexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
