package io.escrowmq.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong, from step to step. Each run has kinds of its own, so that also those meet that would
 * hide each other; none waits for another one to be over.
 */
final class Faults {

  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/data/log"), Path.of("/data/queues"), Path.of("/data/keys"));

  private static final int SHOP_CRASHES_WITHIN_MILLIS = 100; // in the middle of something
  private static final int PAUSE_BITS =
      14; // of milliseconds: up to 16 s, half of them below 128 ms
  private static final int LASTS = 50; // steps: what nobody can send anything in
  private static final int ONE_IN = 250; // steps, one begins of each kind
  private static final int SOON = 60; // operations of the disk
  private static final int FILES = 4; // that come, go or are renamed
  private static final int SOON_AFTER_START = 300;
  private static final int REPAIR_BITS = 12; // of operations, after which a repair is interrupted
  private static final double MOST_FAILING = 0.02; // of all operations
  private static final int SLOWEST_TURN_BITS = 28; // of nanoseconds: a quarter of a second
  private static final int MOST_DELAY_NANOS = 20_000_000;
  private static final int MOST_LATE_MILLIS = 10_000;
  private static final int LEAST_ROOM_BITS = 8; // on a disk that is nearly full
  private static final int ROOM_BITS = 13;
  private static final long MOST_JUMP_MILLIS = 3_600_000;

  /** The kinds. */
  private enum Kind {
    CRASH,
    CRASH_AT_OPERATION,
    CRASH_AT_FILE,
    NAMESRV,
    SHOP,
    STOP,
    PAUSE,
    CLOCK,
    CONNECTION,
    CUT_OFF,
    SLOW_NETWORK,
    FAILED_WRITE,
    FAILED_SYNC,
    FAILING_DISK,
    HANGING_DISK,
    SLOW_THREADS,
    FULL_DISK,
    FLIPPED_BIT
  }

  private final Cluster cluster;
  private final List<Shop> shops;
  private final boolean powerFails;
  private final List<Kind> kinds = new ArrayList<>();

  Faults(Cluster cluster, List<Shop> shops, Random random, Conditions conditions) {
    this.cluster = cluster;
    this.shops = shops;
    this.powerFails = conditions.powerFails();
    for (Kind kind : Kind.values()) {
      boolean isWanted = switch (kind) {
        case FLIPPED_BIT -> conditions.flips();
        case SHOP -> !conditions.losesTail() && random.nextInt(3) > 0;
        case CLOCK -> conditions.clocksLeap();
        default -> random.nextInt(3) > 0;
      };
      if (isWanted) {
        kinds.add(kind);
      }
    }
  }

  void step(Random random) {
    cluster.brokers().forEach(broker -> step(broker, random));
  }

  private void step(SimulatedBroker broker, Random random) {
    if (!broker.isUp()) {
      if (random.nextInt(10) == 0) {
        start(broker, random);
      }
      return;
    }
    String failure = broker.failure();
    if (failure != null) {
      cluster.tell(broker.name + " has failed: " + failure);
      broker.crash(powerFails && random.nextBoolean());
      return;
    }
    end(broker, random);
    for (Kind kind : kinds) {
      if (random.nextInt(ONE_IN) == 0 && broker.isUp()) {
        begin(kind, broker, random);
      }
    }
  }

  // Otherwise a run could be over before anybody was answered.
  private void end(SimulatedBroker broker, Random random) {
    if (random.nextInt(LASTS) == 0) {
      if (cluster.network().hasCuts()) {
        cluster.network().mend();
      }
      if (cluster.network().isSlow()) {
        cluster.network().speedUp();
      }
      if (broker.disk().isFull()) {
        cluster.tell("the disk of " + broker.name + " has room");
        broker.disk().empty();
      }
    }
  }

  // What goes down once goes down again soon, while it starts or just after.
  private void start(SimulatedBroker broker, Random random) {
    if (kinds.contains(Kind.CRASH_AT_OPERATION) && random.nextInt(3) == 0) {
      broker
          .disk()
          .crashAt(1 + random.nextInt(SOON_AFTER_START), powerFails && random.nextBoolean());
    }
    if (broker.needsRepair() && kinds.contains(Kind.FLIPPED_BIT)) {
      repair(broker, random);
    }
    broker.start();
  }

  /** Has the store repaired, on a disk that may fail, and by somebody who may be interrupted. */
  void repair(SimulatedBroker broker, Random random) {
    if (random.nextBoolean()) {
      broker.disk().heal();
    }
    switch (random.nextInt(4)) {
      case 0, 1 ->
        broker
            .disk()
            .crashAt(
                1 + random.nextInt(1 << random.nextInt(REPAIR_BITS)),
                powerFails && random.nextBoolean());
      case 2 -> broker.disk().fails(MOST_FAILING * random.nextDouble());
      default -> {}
    }
    broker.repair();
  }

  private void begin(Kind kind, SimulatedBroker broker, Random random) {
    switch (kind) {
      case CRASH -> broker.crash(powerFails && random.nextBoolean());
      case CRASH_AT_OPERATION -> crashAtOperation(broker, random);
      case CRASH_AT_FILE -> crashAtFile(broker, random);
      case NAMESRV -> {
        List<NameServer> servers = cluster.nameServers();
        NameServer server = servers.get(random.nextInt(servers.size()));
        if (server.isUp()) {
          server.crash(random.nextBoolean());
        } else {
          server.start();
        }
      }
      case SHOP -> {
        Shop shop = shops.get(random.nextInt(shops.size()));
        if (shop.isOpen()) {
          shop.crashSoon(Duration.ofMillis(random.nextInt(SHOP_CRASHES_WITHIN_MILLIS)));
        } else {
          shop.start();
        }
      }
      case STOP -> broker.stop();
      case PAUSE ->
        broker.pause(Duration.ofMillis(random.nextInt(2 << random.nextInt(PAUSE_BITS))));
      case CLOCK -> broker.jumpClock(random.nextLong(-MOST_JUMP_MILLIS, MOST_JUMP_MILLIS + 1));
      case CONNECTION -> cluster.network().breakConnection();
      case CUT_OFF -> broker.isolate();
      case SLOW_NETWORK ->
        cluster
            .network()
            .slowDown(
                Duration.ofNanos(30_000L + random.nextInt(MOST_DELAY_NANOS)),
                Duration.ofMillis(100 + random.nextInt(MOST_LATE_MILLIS)));
      case FAILED_WRITE, FAILED_SYNC -> {
        boolean write = kind == Kind.FAILED_WRITE;
        cluster.tell(write ? "a write will fail" : "a sync will fail");
        broker.disk().failOnce(write, 1 + random.nextInt(10));
      }
      case FAILING_DISK -> {
        double part = random.nextBoolean() ? 0 : MOST_FAILING * random.nextDouble();
        cluster.tell("of what the disk is asked, %.1f %% fail from now on".formatted(100 * part));
        broker.disk().fails(part);
      }
      case HANGING_DISK -> {
        double part = random.nextInt(3) == 0 ? 0 : random.nextDouble();
        cluster.tell("of syncs and writes, %.0f %% take their time now".formatted(100 * part));
        broker.disk().hangs(part);
      }
      case SLOW_THREADS -> broker.turnsWaitUpTo(1 + random.nextInt(SLOWEST_TURN_BITS));
      case FULL_DISK -> {
        cluster.tell("the disk is nearly full");
        int most = 1 << (LEAST_ROOM_BITS + random.nextInt(ROOM_BITS));
        broker.disk().fill(random.nextInt(most));
      }
      case FLIPPED_BIT -> {
        Path directory = DIRECTORIES.get(random.nextInt(DIRECTORIES.size()));
        cluster.tell("a bit turns over in " + broker.disk().flip(directory, random));
      }
    }
  }

  private void crashAtOperation(SimulatedBroker broker, Random random) {
    int nth = 1 + random.nextInt(SOON);
    cluster.tell(broker.name + " will crash at operation " + nth + " on its disk");
    broker.disk().crashAt(nth, powerFails && random.nextBoolean());
  }

  private void crashAtFile(SimulatedBroker broker, Random random) {
    int nth = 1 + random.nextInt(FILES);
    int then = random.nextInt(1 + random.nextInt(SOON));
    cluster.tell(broker.name + " will crash " + then + " operations after the " + nth
        + ". change of a directory from now on");
    broker.disk().crashAfterChange(nth, then, powerFails && random.nextBoolean());
  }
}
