package io.escrowmq.simulation;

import io.escrowmq.runtime.Simulator;
import io.escrowmq.simulation.Ledger.Kind;
import io.escrowmq.store.FlushMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One run: random work and random faults from one seed, then calm, then the account. */
public final class Simulation {

  private static final List<String> TOPICS = List.of("orders", "stock");
  private static final int CLIENTS = 3;
  private static final int MOST_PAUSE_MILLIS = 15_000;
  private static final int MOST_JUMP_MILLIS = 1;
  private static final int LARGE_BODY = 100_000;
  private static final Duration BEAT_EVERY = Duration.ofSeconds(10);
  private static final int CALM_SECONDS = 600; // in which everything must settle

  private final long seed;
  private final int steps;
  private final Random random;
  private final Simulator world;
  private final History history = new History();
  private final Ledger ledger = new Ledger();
  private final Cluster cluster;
  private final List<Client> clients = new ArrayList<>();
  private final boolean powerFails;

  /** @param steps of random work, about 20 milliseconds of simulated time each */
  public Simulation(long seed, int steps) {
    this.seed = seed;
    this.steps = steps;
    this.random = new Random(seed);
    this.world = new Simulator(random.nextLong());
    this.powerFails = random.nextBoolean();
    this.cluster = new Cluster(world, powerFails ? FlushMode.SYNC : FlushMode.ASYNC, history);
  }

  /** What a run came to. */
  public record Outcome(
      long seed,
      @Nullable Throwable failure,
      List<String> lastEvents,
      int sent,
      long acknowledged,
      long seen,
      long simulatedMillis,
      long digest) {}

  public Outcome run() {
    Throwable failure = null;
    try {
      begin();
      for (int i = 0; i < steps; i++) {
        step();
      }
      settle();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    return new Outcome(
        seed,
        failure,
        history.last(),
        ledger.sent(),
        ledger.acknowledged(),
        ledger.seen(),
        world.nanos() / 1_000_000,
        history.digest());
  }

  private void begin() {
    cluster.start();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client("client-" + i, Cluster.BROKER, cluster, ledger);
      clients.add(client);
      beat(client, i);
    }
    Client reader = new Client("reader", Cluster.BROKER, cluster, ledger);
    for (String topic : TOPICS) {
      for (int queue = 0; queue < Settings.QUEUES; queue++) {
        reader.read(topic, queue, 0);
      }
    }
  }

  private void beat(Client client, int number) {
    client.beat();
    cluster.after("client-" + number, BEAT_EVERY, () -> beat(client, number));
  }

  private void step() {
    if (!cluster.isBrokerUp()) {
      if (random.nextInt(20) == 0) {
        cluster.startBroker();
      }
    } else if (cluster.brokerFailure() != null) {
      cluster.tell("the broker has failed: " + cluster.brokerFailure());
      cluster.crashBroker(powerFails && random.nextBoolean());
    } else {
      disturb(random.nextInt(3000));
    }
    work(random.nextInt(100));
    pass(Duration.ofMillis(random.nextInt(random.nextInt(100) == 0 ? 5_000 : 20)));
  }

  private void work(int what) {
    Client client = clients.get(random.nextInt(CLIENTS));
    String topic = TOPICS.get(random.nextInt(TOPICS.size()));
    int queue = random.nextInt(Settings.QUEUES);
    int bytes = random.nextInt(random.nextInt(50) == 0 ? LARGE_BODY : 500);
    if (what < 40) {
      client.send(Kind.PLAIN, topic, queue, true, bytes);
    } else if (what < 45) {
      client.send(Kind.DELAYED, topic, queue, true, bytes);
    } else if (what < 65) {
      client.send(Kind.HALF, topic, queue, random.nextInt(3) > 0, bytes);
    } else if (what < 80) {
      client.decideOne(random.nextInt(1_000));
    } else if (ledger.sent() > 0) {
      client.probe("m" + random.nextInt(ledger.sent()), topic);
    }
  }

  private void disturb(int what) {
    if (what < 10) {
      cluster.crashBroker(powerFails && random.nextBoolean());
    } else if (what < 14) {
      cluster.stopBroker();
    } else if (what < 22) {
      cluster.pauseBroker(Duration.ofMillis(random.nextInt(MOST_PAUSE_MILLIS)));
    } else if (what < 26) {
      cluster.jumpBrokerClock(random.nextInt(2 * MOST_JUMP_MILLIS) - MOST_JUMP_MILLIS);
    } else if (what < 50) {
      cluster.breakConnection();
    } else if (what < 54) {
      cluster.tell("a write will fail");
      cluster.files().failWrite(1 + random.nextInt(10));
    } else if (what < 58) {
      cluster.tell("a sync will fail");
      cluster.files().failSync(1 + random.nextInt(10));
    }
  }

  private void pass(Duration time) {
    world.run(time);
    Throwable broken = cluster.broken();
    if (broken != null) {
      throw broken instanceof RuntimeException known ? known : new IllegalStateException(broken);
    }
  }

  private void settle() {
    cluster.tell("calm");
    for (int second = 0; second < CALM_SECONDS; second++) {
      if (cluster.brokerFailure() != null) {
        cluster.crashBroker(false);
      }
      if (!cluster.isBrokerUp()) {
        cluster.startBroker();
      }
      pass(Duration.ofSeconds(1));
      if (second > 10 && ledger.missing().isEmpty()) {
        return;
      }
    }
    throw new Broken(
        "%d messages that were promised to be visible are not, after %d s of calm; one is the %s"
            .formatted(ledger.missing().size(), CALM_SECONDS, ledger.missing().get(0)));
  }
}
