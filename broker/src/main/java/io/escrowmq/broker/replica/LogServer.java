package io.escrowmq.broker.replica;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the log of a broker to its followers, at an address of its own: floods of clients do not delay them, and
 * firewalls can tell them apart. Owner: the broker.
 */
public final class LogServer implements AutoCloseable {

  // Answers carry up to 16 MiB of the log, and their header.
  private static final RemotingSettings NETWORK = new RemotingSettings(
      1,
      32 << 20,
      Duration.ofSeconds(30),
      Duration.ofSeconds(30),
      4 << 20,
      64 << 20,
      64 << 20,
      64,
      16,
      HeaderEncoding.JSON);

  private final Worker worker;
  private final WaitingFetches fetches;
  private final Followers followers;
  private final Ticker ticker;
  private final RemotingServer server;

  /**
   * @param group the broker's name
   * @param log the one that is led now; null while there is none
   * @param whenCommitted is told how much of it enough replicas have, on an event loop
   */
  public LogServer(
      ReplicationSettings settings,
      String group,
      Network network,
      Surroundings surroundings,
      Supplier<@Nullable CommitLog> log,
      LongConsumer whenCommitted) {
    worker = surroundings.worker("replica-loop");
    fetches = new WaitingFetches(surroundings.ticker(), worker);
    followers = new Followers(settings.leastReplicas());
    ticker = surroundings.ticker();
    ReplicaRequests requests = new ReplicaRequests(
        group, settings.secret(), surroundings, log, fetches, followers, whenCommitted);
    server = network.server(settings.listen(), bound -> requests.table(), NETWORK);
  }

  /** Something was written to the log. The log's turn; before the start, too. */
  public void wrote() {
    fetches.wrote();
  }

  /** Why new messages would wait in vain; null while enough replicas are in step. Any thread. */
  public @Nullable Refusal shortage() {
    return followers.isThin(ticker.millis())
        ? new Refusal.UnderReplicated(followers.needed(), Followers.LAG_MILLIS)
        : null;
  }

  /** Fails with {@code RemotingException} that names the address. Once. */
  public void start() {
    worker.start(fetches);
    server.start();
  }

  /** Where it listens; the port is the real one when 0 was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
    worker.close();
  }
}
