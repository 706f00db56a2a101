package io.escrowmq.simulation;

import io.escrowmq.broker.Broker;
import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.remoting.Machine;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** A broker: its machine, which is another one after each crash, and its disk, which stays. */
final class SimulatedBroker implements Disk.Around {

  private static final Path LOG = Path.of("/data/log");
  private static final int LONGEST_HANG_BITS = 32; // of nanoseconds: 4 s

  final int number;
  final String name;
  final String address;
  private final Simulator world;
  private final NetworkState network;
  private final Consumer<String> tell;
  private final BrokerSettings settings;
  private final boolean losesTail;
  private final Disk disk;
  private final Repairs repairs;
  private ObjLongConsumer<SimulatedBroker> whenTailIsLost = (broker, safeNanos) -> {};
  private @Nullable SimulatedMachine machine;
  private @Nullable Broker broker;
  private long wallJumpMillis;
  private int lives;
  private int turnBits = 14;
  private boolean isHanging;
  private long stillUntilNanos;
  private @Nullable String refusal; // of the last start
  private boolean needsRepair;

  SimulatedBroker(
      int number,
      Conditions conditions,
      Simulator world,
      NetworkState network,
      Consumer<String> tell) {
    this.number = number;
    this.name = Settings.BROKER_NAMES.get(number);
    this.address = Settings.BROKERS.get(number);
    this.settings = Settings.broker(number, conditions);
    this.losesTail = conditions.losesTail();
    this.world = world;
    this.network = network;
    this.tell = tell;
    this.disk = new Disk(world);
    this.repairs = new Repairs(settings, tell);
  }

  /** Who hears up to what time that is safe which was told, when the power fails. */
  void whenTailIsLost(ObjLongConsumer<SimulatedBroker> action) {
    whenTailIsLost = action;
  }

  boolean isUp() {
    return broker != null;
  }

  /** Starts it on what its disk holds, if that is well. */
  void start() {
    SimulatedMachine starting = newMachine();
    starting.jump(wallJumpMillis);
    starting.turnsWaitUpTo(turnBits);
    lives++;
    Broker next = new Broker(
        settings, new Machine<>(disk.open(this), network.of(starting), starting.surroundings()));
    try {
      next.start();
    } catch (RuntimeException | Error e) {
      if (!starting.isCrashed()) {
        notStarted(e);
      }
      return;
    }
    if (starting.isCrashed()) { // while it started
      return;
    }
    refusal = null;
    needsRepair = false;
    broker = next;
    tell.accept(name + " is up");
  }

  private SimulatedMachine newMachine() {
    SimulatedMachine next = world.machine(name);
    machine = next;
    return next;
  }

  // It may start when the disk is well again.
  private void notStarted(Throwable why) {
    if (!(why instanceof StorageException || why instanceof IllegalStateException)) {
      throw new IllegalStateException(name + " does not start", why);
    }
    refusal = why.getMessage();
    needsRepair = why instanceof StorageException storage && storage.reason() == Reason.CORRUPT;
    tell.accept(name + " does not start: " + refusal);
    goAway(false);
  }

  /** Why it did not start when it was last tried; null when it did. */
  @Nullable
  String refusal() {
    return refusal;
  }

  /** Whether it did not start because its store is damaged. */
  boolean needsRepair() {
    return needsRepair;
  }

  /** Has an operator repair its store, on the disk as it is. */
  void repair() {
    SimulatedMachine repairing = newMachine();
    FileSystem files = disk.open(this);
    try {
      disk.lookedAt(() -> repairs.look(files, repairing.surroundings()));
      repairs.repair(files, repairing.surroundings(), disk.isWell());
      needsRepair = false;
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (!repairing.isCrashed()) {
        tell.accept("the repair ends: " + e.getMessage());
        goAway(false);
      }
      return;
    }
    goAway(false);
  }

  /** Whether a record at this position may be gone: it lay in damage. */
  boolean isLost(long position) {
    return repairs.isLost(position);
  }

  @Override
  public void crash(boolean powerFails) {
    tell.accept(powerFails ? "the power of " + name + " fails" : name + " is killed");
    goAway(powerFails);
  }

  private void goAway(boolean powerFails) {
    if (powerFails) {
      network.powerOff(machine()); // nobody is told
    } else {
      machine().crash();
    }
    lives++; // who asks now, asks the next one
    long safeNanos = disk.safeNanos();
    disk.crash(powerFails);
    if (powerFails && losesTail) {
      tell.accept("what %s told before %.3f s is on its disk".formatted(name, safeNanos / 1e9));
      whenTailIsLost.accept(this, safeNanos);
    }
    stillUntilNanos = 0;
    broker = null;
  }

  @Override
  public boolean hang(Operation operation) {
    SimulatedMachine hanging = machine();
    if (hanging.isInATurn() && !isHanging) { // other threads of the broker go on
      isHanging = true;
      long nanos =
          world.random().nextLong() >>> (Long.SIZE - world.random().nextInt(1, LONGEST_HANG_BITS));
      try {
        world.run(Duration.ofNanos(nanos));
      } finally {
        isHanging = false;
      }
    }
    return hanging.isCrashed();
  }

  /** Ends it in order. */
  void stop() {
    tell.accept(name + " is stopped");
    try {
      if (broker != null) {
        broker.close();
      }
    } catch (PowerOff e) { // told already
      return;
    }
    goAway(false);
  }

  void pause(Duration time) {
    tell.accept(name + " stands still for " + time.toMillis() + " ms");
    stillUntilNanos = Math.max(stillUntilNanos, world.nanos() + time.toNanos());
    machine().pause(time);
  }

  void jumpClock(long millis) {
    tell.accept("the clock of " + name + " jumps by " + millis + " ms");
    wallJumpMillis += millis;
    machine().jump(millis);
  }

  /** From now on its turns wait up to so many bits of nanoseconds for a processor. */
  void turnsWaitUpTo(int bits) {
    tell.accept(
        "threads of %s wait up to %d us for a processor".formatted(name, (1L << bits) / 1000));
    turnBits = bits;
    machine().turnsWaitUpTo(bits);
  }

  /** Nothing gets to it or from it, until the network is mended. */
  void isolate() {
    network.isolate(machine());
  }

  /** Whether what is sent to it now is likely to be answered well. */
  boolean canAnswer() {
    Broker up = broker;
    return up != null
        && up.failure() == null
        && world.nanos() >= stillUntilNanos
        && !network.isCutOff(name)
        && !network.isSlow()
        && !disk.isFull();
  }

  Disk disk() {
    return disk;
  }

  /** Where the newest segment of its log begins: its end is not far. */
  long logEnd() {
    return disk.newestStart(LOG);
  }

  /** The number of its life, or of the time between two. */
  int lives() {
    return lives;
  }

  /** Why it takes nothing any more; null while it does. */
  @Nullable
  String failure() {
    return broker == null ? null : broker.failure();
  }

  private SimulatedMachine machine() {
    SimulatedMachine now = machine;
    if (now == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return now;
  }
}
