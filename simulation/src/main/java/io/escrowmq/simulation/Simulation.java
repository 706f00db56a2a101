package io.escrowmq.simulation;

import io.escrowmq.runtime.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
  private static final int MOST_REPAIRS = 4; // that may be interrupted, at the end
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
  private final ShopDatabase database;
  private final Till till;
  private final List<Shop> shops;
  private final Work work;
  private final Faults faults;
  private final Set<SimulatedBroker> wereUp = new HashSet<>();
  private int audits;
  private int stepsDone;

  public Simulation(Plan plan) {
    this.plan = plan;
    this.random = plan.random();
    this.world = new Simulator(random.nextLong());
    this.conditions = Conditions.draw(random);
    this.cluster = new Cluster(world, conditions, history);
    this.ledger = new Ledger(conditions, cluster);
    this.book = new ShopBook(cluster, ledger, conditions);
    this.database = new ShopDatabase(cluster);
    this.till = new Till(cluster, ledger, database);
    this.shops = List.of(shop("shop-north"), shop("shop-south"));
    this.work = new Work(cluster, ledger, shops, conditions);
    for (SimulatedBroker broker : cluster.brokers()) {
      broker.whenTailIsLost((on, safeNanos) -> work.goOn(ledger.lost(on.number, safeNanos)));
    }
    this.faults = new Faults(cluster, shops, random, conditions);
  }

  private Shop shop(String name) {
    return new Shop(name, cluster, ledger, book, till, database);
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
    } finally {
      database.close();
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
    for (SimulatedBroker broker : cluster.brokers()) {
      if (!broker.isUp()) {
        wereUp.remove(broker);
      } else if (wereUp.add(broker)) {
        work.audit(broker.number, "auditor-" + audits++, AUDITED);
        work.lookBack(own, LOOKED_BACK_AT);
      }
    }
  }

  private void settle() {
    cluster.heal();
    String missing = null;
    for (int second = 0; second < CALM_SECONDS; second++) {
      for (SimulatedBroker broker : cluster.brokers()) {
        if (broker.failure() != null) {
          broker.crash(false);
        }
        if (!broker.isUp()) {
          broker.start();
        }
      }
      cluster.nameServers().stream().filter(server -> !server.isUp()).forEach(NameServer::start);
      startShops();
      work.finish(random);
      work.admin().askForRoutes();
      work.admin().askForTransactions(List.of(ShopBook.GROUP, Till.GROUP), this::isEscrowEmpty);
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

  private void isEscrowEmpty() {
    book.isEmpty();
    till.isEmpty();
  }

  // What was damaged is repaired, at last by somebody whom nothing interrupts: all the rest is
  // there.
  private void repair() {
    for (SimulatedBroker broker : cluster.brokers()) {
      if (broker.isUp()) {
        broker.crash(false);
      }
      for (int i = random.nextInt(MOST_REPAIRS); i > 0; i--) {
        faults.repair(broker, random);
      }
    }
    cluster.heal();
    cluster.brokers().forEach(SimulatedBroker::repair);
    long begun = cluster.nanos();
    startAndRead();
    ledger.onlyDamageIsMissing(begun);
  }

  private @Nullable String missing() {
    if (!work.admin().areRoutesKnown()) {
      return "a name server does not know which brokers have the topics";
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
    cluster.brokers().forEach(broker -> broker.crash(false));
    work.beginAgain(cluster.nanos() - RECORDED_WITHIN.toNanos());
    startAndRead();
    if (!conditions.retains()) {
      pass(LONGEST_DELAY);
      for (SimulatedBroker broker : cluster.brokers()) {
        broker.stop();
        Map<String, String> expected = broker.disk().state(STATE);
        cluster.tell("the state files of " + broker.name + " are deleted");
        broker.disk().clear(STATE);
        startAndRead();
        broker.stop();
        compare(expected, broker.disk().state(STATE));
        broker.start();
      }
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

  private void startAndRead() {
    for (SimulatedBroker broker : cluster.brokers()) {
      if (!broker.isUp()) {
        broker.start();
      }
      if (!broker.isUp()) {
        throw new Violation("%s does not start on a disk that is well: %s"
            .formatted(broker.name, broker.refusal()));
      }
    }
    List<Reader> readers = new ArrayList<>();
    for (SimulatedBroker broker : cluster.brokers()) {
      readers.add(work.audit(broker.number, "accountant-" + broker.number, Long.MAX_VALUE));
    }
    for (int second = 0; !areDone(readers) || !work.areConsumersThere(); second++) {
      if (second == CALM_SECONDS) {
        throw new Violation("the queues are not read after %d s".formatted(CALM_SECONDS));
      }
      pass(Duration.ofSeconds(1));
    }
  }

  private static boolean areDone(List<Reader> readers) {
    return readers.stream().allMatch(Reader::isDone);
  }
}
