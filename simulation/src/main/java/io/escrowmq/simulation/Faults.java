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

  private static final int PAUSE_BITS =
      14; // of milliseconds: up to 16 s, half of them below 128 ms
  private static final int LASTS = 50; // steps: what nobody can send anything in
  private static final int ONE_IN = 250; // steps, one begins of each kind
  private static final int SOON = 60; // operations of the disk
  private static final int FILES = 4; // that come, go or are renamed
  private static final int SOON_AFTER_START = 300;
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
    if (!cluster.isBrokerUp()) {
      if (random.nextInt(10) == 0) {
        start(random);
      }
      return;
    }
    String failure = cluster.brokerFailure();
    if (failure != null) {
      cluster.tell("the broker has failed: " + failure);
      cluster.crash(powerFails && random.nextBoolean());
      return;
    }
    end(random);
    for (Kind kind : kinds) {
      if (random.nextInt(ONE_IN) == 0 && cluster.isBrokerUp()) {
        begin(kind, random);
      }
    }
  }

  // Otherwise a run could be over before anybody was answered.
  private void end(Random random) {
    if (random.nextInt(LASTS) == 0) {
      if (cluster.isCutOff()) {
        cluster.mendNetwork();
      }
      if (cluster.isSlow()) {
        cluster.speedUpNetwork();
      }
      if (cluster.disk().isFull()) {
        cluster.tell("the disk has room");
        cluster.disk().empty();
      }
    }
  }

  // What goes down once goes down again soon, while it starts or just after.
  private void start(Random random) {
    if (kinds.contains(Kind.CRASH_AT_OPERATION) && random.nextInt(3) == 0) {
      cluster
          .disk()
          .crashAt(1 + random.nextInt(SOON_AFTER_START), powerFails && random.nextBoolean());
    }
    if (cluster.needsRepair() && kinds.contains(Kind.FLIPPED_BIT)) {
      cluster.repairBroker();
    }
    cluster.startBroker();
  }

  private void begin(Kind kind, Random random) {
    switch (kind) {
      case CRASH -> cluster.crash(powerFails && random.nextBoolean());
      case CRASH_AT_OPERATION -> crashAtOperation(random);
      case CRASH_AT_FILE -> crashAtFile(random);
      case NAMESRV -> {
        if (cluster.isNamesrvUp()) {
          cluster.crashNamesrv(random.nextBoolean());
        } else {
          cluster.startNamesrv();
        }
      }
      case SHOP -> {
        Shop shop = shops.get(random.nextInt(shops.size()));
        if (shop.isOpen()) {
          shop.crash();
        } else {
          shop.start();
        }
      }
      case STOP -> cluster.stopBroker();
      case PAUSE ->
        cluster.pauseBroker(Duration.ofMillis(random.nextInt(2 << random.nextInt(PAUSE_BITS))));
      case CLOCK ->
        cluster.jumpBrokerClock(random.nextLong(-MOST_JUMP_MILLIS, MOST_JUMP_MILLIS + 1));
      case CONNECTION -> cluster.breakConnection();
      case CUT_OFF -> cluster.isolateBroker();
      case SLOW_NETWORK ->
        cluster.slowNetwork(
            Duration.ofNanos(30_000L + random.nextInt(MOST_DELAY_NANOS)),
            Duration.ofMillis(100 + random.nextInt(MOST_LATE_MILLIS)));
      case FAILED_WRITE, FAILED_SYNC -> {
        boolean write = kind == Kind.FAILED_WRITE;
        cluster.tell(write ? "a write will fail" : "a sync will fail");
        cluster.disk().failOnce(write, 1 + random.nextInt(10));
      }
      case FAILING_DISK -> {
        double part = random.nextBoolean() ? 0 : 0.02 * random.nextDouble();
        cluster.tell("of what the disk is asked, %.1f %% fail from now on".formatted(100 * part));
        cluster.disk().fails(part);
      }
      case HANGING_DISK -> {
        double part = random.nextInt(3) == 0 ? 0 : random.nextDouble();
        cluster.tell("of syncs and writes, %.0f %% take their time now".formatted(100 * part));
        cluster.disk().hangs(part);
      }
      case SLOW_THREADS -> cluster.turnsWaitUpTo(1 + random.nextInt(SLOWEST_TURN_BITS));
      case FULL_DISK -> {
        cluster.tell("the disk is nearly full");
        int most = 1 << (LEAST_ROOM_BITS + random.nextInt(ROOM_BITS));
        cluster.disk().fill(random.nextInt(most));
      }
      case FLIPPED_BIT -> {
        Path directory = DIRECTORIES.get(random.nextInt(DIRECTORIES.size()));
        cluster.tell("a bit turns over in " + cluster.disk().flip(directory, random));
      }
    }
  }

  private void crashAtOperation(Random random) {
    int nth = 1 + random.nextInt(SOON);
    cluster.tell("the broker will crash at operation " + nth + " on its disk");
    cluster.disk().crashAt(nth, powerFails && random.nextBoolean());
  }

  private void crashAtFile(Random random) {
    int nth = 1 + random.nextInt(FILES);
    int then = random.nextInt(1 + random.nextInt(SOON));
    cluster.tell("the broker will crash " + then + " operations after the " + nth
        + ". change of a directory from now on");
    cluster.disk().crashAfterChange(nth, then, powerFails && random.nextBoolean());
  }
}
