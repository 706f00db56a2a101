package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A real broker on a real network: whom it serves and where, and what it counts of it. */
class BrokerNetworkTest {

  @AutoClose
  private final RemotingClient client = TestNetwork.client();

  @Test
  void shouldShowWhatTheNetworkCounts() {
    // given
    try (Broker broker = broker(0, NetworkSettings.DEFAULT)) {
      broker.start();
      ask(broker.address().getPort(), RequestCode.GET_BROKER_RUNTIME_INFO);

      // when
      Answer answer = ask(broker.address().getPort(), RequestCode.GET_METRICS);

      // then
      Map<String, Long> metrics = MetricsTable.read(answer.body()).metrics().stream()
          .collect(Collectors.toMap(MetricsTable.Metric::name, MetricsTable.Metric::value));
      assertThat(metrics)
          .containsEntry("escrowmq_network_connections", 1L)
          .containsEntry("escrowmq_network_requests_total", 2L)
          .containsEntry("escrowmq_network_slow_peers_total", 0L)
          .containsEntry("escrowmq_network_greedy_peers_total", 0L)
          .containsEntry("escrowmq_network_silent_peers_total", 0L)
          .containsEntry("escrowmq_network_bad_frames_total", 0L)
          .containsEntry("escrowmq_network_refused_connections_total", 0L)
          .containsEntry("escrowmq_network_failed_handlers_total", 0L);
    }
  }

  @Test
  void shouldRefuseWhatIsNotAllowedToWhoeverHasNotLoggedIn() {
    // given
    NetworkSettings some = new NetworkSettings(Set.of(Permission.CONNECT, Permission.READ), false);
    try (Broker broker = broker(0, some)) {
      broker.start();
      int port = broker.address().getPort();

      // then
      for (RequestCode code : List.of(
          RequestCode.SEND_MESSAGE,
          RequestCode.SEND_MESSAGE_V2,
          RequestCode.END_TRANSACTION,
          RequestCode.VIEW_MESSAGE_BY_ID,
          RequestCode.GET_METRICS,
          RequestCode.UPDATE_AND_CREATE_TOPIC,
          RequestCode.DELETE_TOPIC_IN_BROKER,
          RequestCode.UPDATE_BROKER_CONFIG)) {
        Answer answer = ask(port, code);
        assertThat(ResponseCode.of(answer.code()))
            .as(code.name())
            .isEqualTo(ResponseCode.NO_PERMISSION);
        assertThat(answer.remark()).contains("connect,read", "security.anonymous-permissions");
      }
      assertThat(ResponseCode.of(ask(port, RequestCode.PULL_MESSAGE).code()))
          .isNotEqualTo(ResponseCode.NO_PERMISSION);
    }
  }

  @Test
  void shouldListenOnThePortTwoBelowForTheVipChannel() throws IOException {
    // given
    int port = freePortWithAFreeOneTwoBelow();
    try (Broker broker = broker(port, new NetworkSettings(Permission.ALL, true));
        Broker neighbour = broker(port + 2, new NetworkSettings(Permission.ALL, true))) {
      broker.start();

      // when: the port two below the neighbour's is taken
      neighbour.start();

      // then
      assertThat(ask(port, RequestCode.GET_METRICS).isOk()).isTrue();
      assertThat(ask(port - 2, RequestCode.GET_METRICS).isOk()).isTrue();
      assertThat(ask(port + 2, RequestCode.GET_METRICS).isOk()).isTrue();
    }
  }

  private static int freePortWithAFreeOneTwoBelow() throws IOException {
    for (int attempt = 0; attempt < 50; attempt++) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket below =
              new ServerSocket(first.getLocalPort() - 2, 1, InetAddress.getLoopbackAddress());
          ServerSocket above =
              new ServerSocket(first.getLocalPort() + 2, 1, InetAddress.getLoopbackAddress())) {
        assertThat(below.isBound() && above.isBound()).isTrue();
        return first.getLocalPort();
      } catch (IOException e) {
        // taken: another one
      }
    }
    throw new IOException("no three free ports");
  }

  private static Broker broker(int port, NetworkSettings network) {
    return new Broker(
        new TestSettings()
            .network(port, network)
            .withoutAutoCreatedTopics()
            .queues(8)
            .build(),
        new Machine<>(new SimulatedFileSystem(1), TestNetwork.REAL, TestMachine.REAL));
  }

  private Answer ask(int port, RequestCode code) {
    return client
        .call("127.0.0.1:" + port, Request.of(code, WireHeader.NONE), Duration.ofSeconds(20))
        .toCompletableFuture()
        .join();
  }
}
