package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.RemotingException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Servers and clients of a contract's test, on whatever network. Closes what it made. */
abstract class NetworkBed {

  static final Duration LONG = Duration.ofSeconds(10);
  static final Duration SHORT = Duration.ofMillis(50);

  final ContractPeers peers = new ContractPeers();
  private final List<Runnable> opened = new ArrayList<>();

  /** Where servers are. */
  abstract Network here();

  /** Where clients are. */
  abstract Network there();

  /** Lets things happen until the condition holds. Fails when it never does. */
  abstract void until(BooleanSupplier condition);

  @AfterEach
  void closeAll() {
    Collections.reverse(opened);
    opened.forEach(Runnable::run);
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  RemotingServer unstarted(
      InetSocketAddress address, RequestTable table, RemotingSettings settings) {
    RemotingServer server = here().server(address, bound -> table, settings);
    closeLater(server);
    return server;
  }

  void closeLater(RemotingServer server) {
    opened.add(server::close);
  }

  RemotingServer server(RequestTable table, RemotingSettings settings) {
    RemotingServer server = unstarted(anyPort(), table, settings);
    server.start();
    return server;
  }

  RemotingServer server() {
    return server(peers.requests, RemotingSettings.forServer(2));
  }

  RemotingClient client(RequestTable requests, RemotingSettings settings) {
    RemotingClient client = there().client(requests, settings);
    opened.add(client::close);
    return client;
  }

  RemotingClient client() {
    return client(RequestTable.of(), RemotingSettings.forClient());
  }

  static RemotingSettings withMaxPending(int most) {
    RemotingSettings usual = RemotingSettings.forClient();
    return with(usual.idle(), usual.patience(), most);
  }

  static RemotingSettings with(Duration idle, Duration patience, int maxPending) {
    RemotingSettings usual = RemotingSettings.forClient();
    return new RemotingSettings(
        usual.eventLoops(),
        usual.maxFrameBytes(),
        idle,
        patience,
        usual.writeHighWaterBytes(),
        usual.maxUnwrittenBytes(),
        usual.maxHeldBytes(),
        usual.maxConnections(),
        maxPending,
        usual.requestHeaders());
  }

  Answer answer(CompletionStage<Answer> call) {
    CompletableFuture<Answer> future = call.toCompletableFuture();
    until(future::isDone);
    return future.join();
  }

  void assertReason(CompletionStage<Answer> call, Reason reason) {
    until(call.toCompletableFuture()::isDone);
    assertThatThrownBy(call.toCompletableFuture()::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RemotingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
