package io.escrowmq.simulation;

import io.escrowmq.broker.Broker;
import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.StoreRepair;
import io.escrowmq.client.wiring.ClientSurroundings;
import io.escrowmq.namesrv.Namesrv;
import io.escrowmq.namesrv.NamesrvSettings;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.simulated.Line;
import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A name server, a broker and the machines of clients. */
final class Cluster implements Disk.Around {

  static final String NAMESRV = "127.0.0.1:9876";
  static final String BROKER = "127.0.0.1:10911";

  private static final Path LOG = Path.of("/data/log");
  private static final double SLOW_PART_OF_NETWORK = 0.05;
  private static final int LONGEST_HANG_BITS = 32; // of nanoseconds: 4 s

  private final Simulator world;
  private final SimulatedNetwork network;
  private final History history;
  private final BrokerSettings settings;
  private final Disk disk;
  private final Map<String, SimulatedMachine> clients = new HashMap<>();
  private final ShopFiles shopFiles = new ShopFiles();
  private @Nullable SimulatedMachine brokerMachine;
  private @Nullable Broker broker;
  private @Nullable SimulatedMachine namesrvMachine;
  private @Nullable Throwable broken;
  private long wallJumpMillis;
  private int lives;
  private int turnBits = 14;
  private boolean isHanging;
  private boolean isCutOff;
  private boolean isSlow;
  private long stillUntilNanos;
  private final boolean losesTail;
  private LongConsumer whenTailIsLost = safeNanos -> {};
  private @Nullable String refusal; // of the last start
  private boolean needsRepair;
  private final List<Damage> lost = new ArrayList<>(); // what operators were told

  Cluster(Simulator world, BrokerSettings settings, boolean losesTail, History history) {
    this.losesTail = losesTail;
    this.world = world;
    this.settings = settings;
    this.history = history;
    this.network = new SimulatedNetwork(world);
    this.disk = new Disk(world);
  }

  /** Whether a failure of the power may take what was acknowledged. */
  boolean losesTail() {
    return losesTail;
  }

  /** Who hears up to what time that is safe which was told, when the power fails. */
  void whenTailIsLost(LongConsumer action) {
    whenTailIsLost = action;
  }

  void start() {
    startNamesrv();
    startBroker();
  }

  boolean isNamesrvUp() {
    return namesrvMachine != null;
  }

  void startNamesrv() {
    SimulatedMachine machine = world.machine("namesrv");
    namesrvMachine = machine;
    new Namesrv(
            NamesrvSettings.of(address(NAMESRV), null),
            new Machine<>(
                directory -> KvFile.forgetful(), network.of(machine), machine.surroundings()))
        .start();
    tell("the name server is up");
  }

  /** It forgets all: brokers tell it again. */
  void crashNamesrv(boolean powerFails) {
    SimulatedMachine machine = namesrvMachine;
    if (machine == null) {
      return;
    }
    tell(powerFails ? "the power of the name server fails" : "the name server is killed");
    if (powerFails) {
      network.powerOff(machine);
    } else {
      machine.crash();
    }
    namesrvMachine = null;
  }

  boolean isBrokerUp() {
    return broker != null;
  }

  /** Starts it on what its disk holds, if that is well. */
  void startBroker() {
    SimulatedMachine machine = world.machine("broker");
    machine.jump(wallJumpMillis);
    machine.turnsWaitUpTo(turnBits);
    brokerMachine = machine;
    lives++;
    Broker starting = new Broker(
        settings, new Machine<>(disk.open(this), network.of(machine), machine.surroundings()));
    try {
      starting.start();
    } catch (RuntimeException | Error e) {
      if (!machine.isCrashed()) {
        notStarted(e);
      }
      return;
    }
    if (machine.isCrashed()) { // while it started
      return;
    }
    refusal = null;
    broker = starting;
    tell("the broker is up");
  }

  // It may start when the disk is well again.
  private void notStarted(Throwable why) {
    if (!(why instanceof StorageException || why instanceof IllegalStateException)) {
      throw new IllegalStateException("the broker does not start", why);
    }
    refusal = why.getMessage();
    needsRepair = why instanceof StorageException storage && storage.reason() == Reason.CORRUPT;
    tell("the broker does not start: " + refusal);
    goAway(false);
  }

  /** Whether it did not start because its store is damaged. */
  boolean needsRepair() {
    return needsRepair;
  }

  /**
   * Does what an operator does with a damaged store: looks what is lost, and repairs it, on a disk that is
   * well.
   */
  void repairBroker() {
    disk.heal();
    SimulatedMachine machine = world.machine("broker");
    brokerMachine = machine;
    FileSystem files = disk.open(this);
    Surroundings surroundings = machine.surroundings();
    try {
      for (Damage damage : new StoreRepair(settings, files, surroundings).check()) {
        tell("damage: " + damage);
        if (damage.position() >= 0) {
          lost.add(damage);
        }
      }
      new StoreRepair(settings, files, surroundings)
          .repair()
          .forEach(sentence -> tell("repaired: " + sentence));
      needsRepair = false;
    } catch (RuntimeException | Error e) {
      if (!machine.isCrashed()) {
        notStarted(e);
      }
      return;
    }
    goAway(false);
  }

  /** Whether a record at this position may be gone: somebody was told that it is lost. */
  boolean isLost(long position) {
    return lost.stream()
        .anyMatch(damage -> damage.bytes() == 0
            || (position >= damage.position() && position < damage.position() + damage.bytes()));
  }

  /** Why it did not start when it was last tried; null when it did. */
  @Nullable
  String refusal() {
    return refusal;
  }

  @Override
  public void crash(boolean powerFails) {
    tell(powerFails ? "the power of the broker fails" : "the broker is killed");
    goAway(powerFails);
  }

  private void goAway(boolean powerFails) {
    SimulatedMachine machine = brokerMachine();
    if (powerFails) {
      network.powerOff(machine); // nobody is told
    } else {
      machine.crash();
    }
    lives++; // who asks now, asks the next one
    long safeNanos = disk.safeNanos();
    disk.crash(powerFails);
    if (powerFails && losesTail) {
      tell("what was told before %.3f s is on the disk".formatted(safeNanos / 1e9));
      whenTailIsLost.accept(safeNanos);
    }
    stillUntilNanos = 0;
    broker = null;
  }

  @Override
  public boolean hang(Operation operation) {
    SimulatedMachine machine = brokerMachine();
    if (machine.isInATurn() && !isHanging) { // other threads of the broker go on
      isHanging = true;
      long nanos =
          world.random().nextLong() >>> (Long.SIZE - world.random().nextInt(1, LONGEST_HANG_BITS));
      try {
        world.run(Duration.ofNanos(nanos));
      } finally {
        isHanging = false;
      }
    }
    return machine.isCrashed();
  }

  /** Ends it in order. */
  void stopBroker() {
    tell("the broker is stopped");
    try {
      if (broker != null) {
        broker.close();
      }
    } catch (PowerOff e) { // told already
      return;
    }
    goAway(false);
  }

  void pauseBroker(Duration time) {
    tell("the broker stands still for " + time.toMillis() + " ms");
    stillUntilNanos = Math.max(stillUntilNanos, world.nanos() + time.toNanos());
    brokerMachine().pause(time);
  }

  void jumpBrokerClock(long millis) {
    tell("the broker's clock jumps by " + millis + " ms");
    wallJumpMillis += millis;
    brokerMachine().jump(millis);
  }

  /** From now on turns of the broker wait up to so many bits of nanoseconds for a processor. */
  void turnsWaitUpTo(int bits) {
    tell("the broker's threads wait up to " + (1L << bits) / 1000 + " us for a processor");
    turnBits = bits;
    brokerMachine().turnsWaitUpTo(bits);
  }

  void breakConnection() {
    tell("a connection breaks");
    network.resetOne();
  }

  /** Nothing gets to the broker or from it, until the network is mended. */
  void isolateBroker() {
    tell("the broker is cut off from the network");
    isCutOff = true;
    network.isolate(brokerMachine());
  }

  void mendNetwork() {
    tell("the network has no cuts");
    isCutOff = false;
    network.healAll();
  }

  boolean isCutOff() {
    return isCutOff;
  }

  /** Everything takes up to so long on the network, and a few things take very long. */
  void slowNetwork(Duration most, Duration latest) {
    tell("the network takes up to " + most.toMillis() + " ms, seldom " + latest.toMillis());
    network.setAll(
        Line.GOOD.withDelay(Duration.ofNanos(20_000), most, latest, SLOW_PART_OF_NETWORK));
    isSlow = true;
  }

  void speedUpNetwork() {
    tell("the network is as fast as it can be");
    network.setAll(Line.GOOD);
    isSlow = false;
  }

  boolean isSlow() {
    return isSlow;
  }

  /** Whether what is sent to the broker now is likely to be answered well. */
  boolean canAnswer() {
    Broker up = broker;
    return up != null
        && up.failure() == null
        && world.nanos() >= stillUntilNanos
        && !isCutOff
        && !isSlow
        && !disk.isFull();
  }

  /** From now on nothing fails. */
  void heal() {
    disk.heal();
    mendNetwork();
    speedUpNetwork();
  }

  Disk disk() {
    return disk;
  }

  private SimulatedMachine brokerMachine() {
    SimulatedMachine machine = brokerMachine;
    if (machine == null) {
      throw new IllegalStateException("the broker was never started");
    }
    return machine;
  }

  RemotingClient client(String name, RequestTable requests) {
    return network.of(machine(name)).client(requests, RemotingSettings.forClient());
  }

  private SimulatedMachine machine(String client) {
    return clients.computeIfAbsent(client, world::machine);
  }

  /** A number below this one, by chance. */
  int draw(int bound) {
    return world.random().nextInt(bound);
  }

  /** Chance, for what no step decides. */
  boolean tossesHeads() {
    return world.random().nextBoolean();
  }

  /** Where the newest segment of the log begins: its end is not far. */
  long logEnd() {
    return disk.newestStart(LOG);
  }

  /** The time of the world. */
  long nanos() {
    return world.nanos();
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

  /** Lets time pass, with all that is due meanwhile; fails when a promise turned out to be broken. */
  void pass(Duration time) {
    world.run(time);
    Throwable first =
        broken == null && !world.failures().isEmpty() ? world.failures().get(0) : broken;
    if (first != null) {
      throw first instanceof Violation known ? known : new IllegalStateException(first);
    }
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

  /** The number of the broker's life, or of the time between two. */
  int lives() {
    return lives;
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
