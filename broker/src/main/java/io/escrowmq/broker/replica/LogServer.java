package io.escrowmq.broker.replica;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import java.net.InetSocketAddress;
import java.time.Duration;
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
  private final RemotingServer server;

  /**
   * @param group the broker's name
   * @param log the one that is led now; null while there is none
   */
  public LogServer(
      InetSocketAddress listen,
      ReplicaSecret secret,
      String group,
      Network network,
      Surroundings surroundings,
      Supplier<@Nullable LedLog> log) {
    worker = surroundings.worker("replica-loop");
    fetches = new WaitingFetches(surroundings.ticker(), worker);
    ReplicaRequests requests = new ReplicaRequests(group, secret, surroundings, log, fetches);
    server = network.server(listen, bound -> requests.table(), NETWORK);
  }

  /** Something was written to the log. The log's turn; before the start, too. */
  public void wrote() {
    fetches.wrote();
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
