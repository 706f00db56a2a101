package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.frame.HeaderEncoding;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How connections and servers end, and servers that cannot begin. */
class NettyClosingTest {

  @AutoClose
  private final Loopback net = new Loopback();

  @Test
  void shouldCloseIdleConnections() throws Exception {
    RemotingSettings impatient = new RemotingSettings(
        1,
        16 << 20,
        Duration.ofMillis(100),
        1 << 20,
        64 << 20,
        RemotingSettings.NO_BOUND,
        10,
        100,
        HeaderEncoding.JSON);
    RawPeer peer = net.raw(net.server(impatient));
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    peer.receive();

    assertThat(peer.isClosedByPeer()).isTrue();
  }

  @Test
  void shouldGiveWhatWasAnsweredToTheSocketBeforeItCloses() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    RawPeer peer = net.raw(server);
    peer.send(RawPeer.request(PARK.number(), 1, HELLO));
    await().until(() -> net.parked.size() == 1);

    // when
    net.parked.element().reply(Reply.ok(HELLO));
    long begun = System.nanoTime();
    server.close();

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    assertThat(peer.isClosedByPeer()).isTrue();
  }

  @Test
  void shouldKeepServingItsConnectionsWhenItAcceptsNoMore() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    RawPeer peer = net.raw(server);
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    peer.receive();
    InetSocketAddress address = server.address();

    // when
    server.stopAccepting();

    // then
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    await().until(() -> isRefused(address)); // a selector lets go of a listener in its next turn
  }

  @Test
  void shouldNameTheAddressThatIsTaken() throws Exception {
    NettyRemotingServer server = net.server(settings());
    NettyRemotingServer second = Loopback.server(server.address(), net.requests, settings());
    net.closeLater(second::close);

    assertThatThrownBy(second::start)
        .isInstanceOf(RemotingException.class)
        .hasMessageContaining(String.valueOf(server.address().getPort()));
  }

  private static boolean isRefused(InetSocketAddress address) throws IOException {
    try {
      new RawPeer(address).close();
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }
}
