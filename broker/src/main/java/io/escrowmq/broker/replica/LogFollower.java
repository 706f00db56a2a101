package io.escrowmq.broker.replica;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import java.time.Duration;
import java.util.function.Consumer;

/** Copies the log of a leader, record for record, while it runs. Owner: whoever starts it. */
public final class LogFollower implements AutoCloseable {

  // Answers carry up to 16 MiB of the log, and their header.
  private static final RemotingSettings NETWORK = new RemotingSettings(
      1,
      32 << 20,
      Duration.ofSeconds(30),
      Duration.ofSeconds(10),
      1 << 20,
      64 << 20,
      RemotingSettings.NO_BOUND,
      16,
      16,
      HeaderEncoding.JSON);

  private final FollowerSettings settings;
  private final CopiedLog log;
  private final RemotingClient client;
  private final Worker worker;
  private final Surroundings surroundings;
  private final Consumer<String> whenFailed;

  /**
   * @param log what is copied goes there; its owner closes it after this
   * @param whenFailed is told, once, why nothing is copied any more
   */
  public LogFollower(
      FollowerSettings settings,
      CopiedLog log,
      Network network,
      Surroundings surroundings,
      Consumer<String> whenFailed) {
    this.settings = settings;
    this.log = log;
    this.surroundings = surroundings;
    this.whenFailed = whenFailed;
    this.client = network.client(RequestTable.of(), NETWORK);
    this.worker = surroundings.worker("follower-loop");
  }

  /** Returns at once; the leader may come later. */
  public void start() {
    worker.start(new FollowerLoop(
        new Leader(settings, client, surroundings.chance()),
        log,
        surroundings.ticker(),
        worker,
        whenFailed));
  }

  /** Asks the leader nothing more; from then on the log is the caller's. */
  @Override
  public void close() {
    try (client) {
      worker.close();
    }
  }
}
