package io.escrowmq.simulation;

import io.escrowmq.runtime.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One run: random work and random faults from one seed, then calm, then the account. */
public final class Simulation {

  private static final int CALM_SECONDS = 900; // in which everything must settle
  private static final int LEAST_CALM_SECONDS = 12;
  private static final int SEND_EVERY_SECONDS = 20; // while a producer is not answered
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(130); // by a clock that is late
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(1);
  private static final Duration RECORDED_WITHIN = Duration.ofSeconds(5); // what consumers report
  private static final int AUDITED = 40; // messages of each queue, at each start
  private static final int LOOKED_BACK_AT = 20;
  private static final int SHOWN = 40; // characters around a difference
  private static final Path STATE = Path.of("/data/state");

  private final Plan plan;
  private final Random random;
  private final Conditions conditions;
  private final History history = new History();
  private final Simulator world;
  private final Ledger ledger;
  private final Cluster cluster;
  private final ShopBook book;
  private final List<Shop> shops;
  private final Work work;
  private final Faults faults;
  private boolean wasUp;
  private boolean isRouteKnown; // again, since nothing fails
  private int audits;
  private int stepsDone;

  public Simulation(Plan plan) {
    this.plan = plan;
    this.random = plan.random();
    this.world = new Simulator(random.nextLong());
    this.conditions = Conditions.draw(random);
    this.cluster = new Cluster(world, Settings.broker(conditions), conditions.losesTail(), history);
    this.ledger = new Ledger(conditions, cluster);
    this.book = new ShopBook(cluster, ledger, conditions);
    this.shops = List.of(
        new Shop("shop-north", cluster, ledger, book),
        new Shop("shop-south", cluster, ledger, book));
    this.work = new Work(cluster, ledger, shops, conditions);
    cluster.whenTailIsLost(safeNanos -> work.goOn(ledger.lost(safeNanos)));
    this.faults = new Faults(cluster, shops, random, conditions);
  }

  /** Runs it, once. */
  public Outcome run() {
    Throwable failure = null;
    try {
      cluster.start();
      work.begin();
      startShops();
      while (stepsDone < plan.steps()) {
        if (!plan.leftOut().contains(stepsDone)) {
          step(plan.random(stepsDone));
        }
        stepsDone++;
      }
      ledger.wasNotIdle();
      if (conditions.flips()) {
        repair();
      } else {
        settle();
        account();
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    return new Outcome(
        plan,
        failure,
        stepsDone,
        history.last(),
        ledger.sent(),
        ledger.acknowledged(),
        ledger.seen(),
        world.nanos() / 1_000_000,
        history.digest());
  }

  // Our own client keeps what it was told: it is for those who lose nothing of that.
  private void startShops() {
    if (!conditions.losesTail()) {
      shops.stream().filter(shop -> !shop.isOpen()).forEach(Shop::start);
    }
  }

  private void step(Random own) {
    faults.step(own);
    lookAfterStart(own);
    work.step(own);
    boolean isLong = own.nextInt(conditions.isHeavy() ? 20 : 100) == 0;
    pass(Duration.ofMillis(own.nextInt(isLong ? 5_000 : 20)));
  }

  private void pass(Duration time) {
    cluster.pass(time);
  }

  // What was there before a crash is there after it.
  private void lookAfterStart(Random own) {
    boolean isUp = cluster.isBrokerUp();
    if (isUp && !wasUp) {
      work.audit("auditor-" + audits++, AUDITED);
      work.lookBack(own, LOOKED_BACK_AT);
    }
    wasUp = isUp;
  }

  private void settle() {
    cluster.tell("from now on nothing fails");
    cluster.heal();
    String missing = null;
    for (int second = 0; second < CALM_SECONDS; second++) {
      if (cluster.brokerFailure() != null) {
        cluster.crash(false);
      }
      if (!cluster.isBrokerUp()) {
        cluster.startBroker();
      }
      if (!cluster.isNamesrvUp()) {
        cluster.startNamesrv();
      }
      startShops();
      work.finish(random);
      work.askForRoute(() -> isRouteKnown = true);
      work.askForTransactions(book::isEmpty);
      if (second % SEND_EVERY_SECONDS == 0) {
        work.sendLast();
      }
      pass(Duration.ofSeconds(1));
      missing = second < LEAST_CALM_SECONDS ? "calm" : missing();
      if (missing == null) {
        return;
      }
    }
    throw new Violation("after %d s in which nothing failed: %s".formatted(CALM_SECONDS, missing));
  }

  // What was damaged is repaired, and all the rest is there.
  private void repair() {
    cluster.tell("from now on nothing fails");
    cluster.heal();
    if (cluster.isBrokerUp()) {
      cluster.crash(false);
    }
    cluster.repairBroker();
    long begun = cluster.nanos();
    readAll();
    ledger.onlyDamageIsMissing(begun);
  }

  private @Nullable String missing() {
    if (!isRouteKnown) {
      return "the name server does not know where the topics are";
    }
    for (String missing : Arrays.asList(work.unanswered(), ledger.missing(), missingInShops())) {
      if (missing != null) {
        return missing;
      }
    }
    return null;
  }

  private @Nullable String missingInShops() {
    return conditions.losesTail() ? null : book.missing();
  }

  // With its state file, and without: the log alone says the same.
  private void account() {
    work.reportAll();
    pass(ANSWERED_WITHIN);
    pass(RECORDED_WITHIN);
    cluster.crash(false);
    work.beginAgain(cluster.nanos() - RECORDED_WITHIN.toNanos());
    readAll();
    if (!conditions.retains()) {
      pass(LONGEST_DELAY);
      cluster.stopBroker();
      Map<String, String> expected = cluster.disk().state(STATE);
      cluster.tell("its state files are deleted");
      cluster.disk().clear(STATE);
      readAll();
      cluster.stopBroker();
      compare(expected, cluster.disk().state(STATE));
    }
  }

  private static void compare(Map<String, String> expected, Map<String, String> actual) {
    expected.forEach((view, bytes) -> {
      if (!bytes.equals(actual.get(view))) {
        throw new Violation(
            "the state of %s is not the same by state files and the log as by the log alone: %s"
                .formatted(view, difference(bytes, String.valueOf(actual.get(view)))));
      }
    });
  }

  private static String difference(String one, String other) {
    int at = 0;
    while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - SHOWN);
    return "from character %d of %d and %d on, %s and %s"
        .formatted(
            at,
            one.length(),
            other.length(),
            one.substring(from, Math.min(one.length(), at + SHOWN)),
            other.substring(from, Math.min(other.length(), at + SHOWN)));
  }

  private void readAll() {
    cluster.startBroker();
    if (!cluster.isBrokerUp()) {
      throw new Violation("the broker does not start on a disk that is well: " + cluster.refusal());
    }
    Reader reader = work.audit("accountant", Long.MAX_VALUE);
    for (int second = 0; !reader.isDone() || !work.areConsumersThere(); second++) {
      if (second == CALM_SECONDS) {
        throw new Violation("the queues are not read after %d s".formatted(CALM_SECONDS));
      }
      pass(Duration.ofSeconds(1));
    }
  }
}
