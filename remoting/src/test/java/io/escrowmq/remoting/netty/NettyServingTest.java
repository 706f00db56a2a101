package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.COUNT;
import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static io.escrowmq.remoting.netty.Loopback.withMaxPending;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Requests;
import io.escrowmq.remoting.WireHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a server makes of requests, and what becomes of answers. */
class NettyServingTest {

  @AutoClose
  private final Loopback net = new Loopback();

  @Test
  void shouldAnswerAndRepeatOpaqueAndEncoding() throws Exception {
    NettyRemotingServer server = net.server(settings());
    RawPeer peer = net.raw(server);
    for (HeaderEncoding encoding : HeaderEncoding.values()) {
      // when
      peer.send(RawPeer.frame(encoding, ECHO.number(), 77, false, HELLO));
      RawPeer.ReceivedFrame answer = peer.receive();

      // then
      assertThat(answer.encoding()).isEqualTo(encoding);
      assertThat(answer.header().opaque()).isEqualTo(77);
      assertThat(answer.header().isResponse()).isTrue();
      assertThat(answer.header().code()).isZero();
      assertThat(answer.header().version()).isEqualTo(513);
      assertThat(answer.header().fields().text("v")).isEqualTo("513");
      assertThat(answer.body()).isEqualTo(HELLO);
    }
  }

  @Test
  void shouldServeManyRequestsOfOneConnectionInOrder() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
    byte[][] frames = new byte[1_000][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = RawPeer.request(ECHO.number(), i, ("body-" + i).getBytes(UTF_8));
    }

    // when
    peer.send(frames);

    // then
    for (int i = 0; i < frames.length; i++) {
      RawPeer.ReceivedFrame answer = peer.receive();
      assertThat(answer.header().opaque()).isEqualTo(i);
      assertThat(new String(answer.body(), UTF_8)).isEqualTo("body-" + i);
    }
  }

  @Test
  void shouldPutFramesTogetherThatArriveInPieces() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
    byte[] small = RawPeer.request(ECHO.number(), 1, HELLO);
    byte[] large = RawPeer.request(ECHO.number(), 2, new byte[3 << 20]);

    // when
    for (byte b : small) {
      peer.send(new byte[] {b});
    }
    peer.send(large, small);

    // then
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    assertThat(peer.receive().body()).hasSize(3 << 20);
    assertThat(peer.receive().body()).isEqualTo(HELLO);
  }

  @Test
  void shouldNotAnswerOneWayRequests() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));

    // when
    peer.send(
        RawPeer.frame(HeaderEncoding.BINARY, COUNT.number(), 1, true, new byte[0]),
        RawPeer.request(ECHO.number(), 2, HELLO));

    // then
    assertThat(peer.receive().header().opaque()).isEqualTo(2);
    assertThat(net.oneWays).hasValue(1);
  }

  @Test
  void shouldAnswerLaterFromOtherThreadsAndOnlyOnce() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
    int calls = 200;
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, HELLO);
    }
    peer.send(frames);
    await().until(() -> net.parked.size() == calls);

    // when
    Thread other = new Thread(() -> {
      for (Call call : net.parked) {
        call.reply(Reply.ok(WireHeader.NONE, net.counted()));
        call.reply(Reply.ok(WireHeader.NONE, net.counted()));
      }
    });
    other.start();

    // then
    for (int i = 0; i < calls; i++) {
      assertThat(peer.receive().header().opaque()).isEqualTo(i);
    }
    other.join();
    assertThat(net.released).hasValue(2 * calls);
  }

  /** It is read on while an answer is flushed, among those of others. */
  @Test
  void shouldCloseAConnectionThatFailsWhenItIsReadOn() throws Exception {
    // given
    AtomicBoolean fails = new AtomicBoolean();
    Requests failing = new Requests() {
      @Override
      public void dispatch(Call call) {
        net.requests.dispatch(call);
      }

      @Override
      public void readDone() {
        if (fails.get()) {
          throw new IllegalStateException("as the test wants");
        }
      }
    };
    NettyRemotingServer server = new NettyRemotingServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        bound -> failing,
        withMaxPending(1),
        new NettyLoops(new SystemSockets("escrowmq-net", 1)));
    net.closeLater(server::close);
    server.start();
    RawPeer peer = net.raw(server);
    RawPeer other = net.raw(server);
    other.send(RawPeer.request(PARK.number(), 1, HELLO));
    peer.send(RawPeer.request(PARK.number(), 2, HELLO), RawPeer.request(ECHO.number(), 3, HELLO));
    await().until(() -> net.parked.size() == 2);

    // when
    fails.set(true);
    net.parked.forEach(call -> call.reply(Reply.ok()));

    // then
    assertThat(other.receive().header().opaque()).isEqualTo(1);
    assertThat(peer.receive().header().opaque()).isEqualTo(2);
    assertThat(peer.isClosedByPeer()).isTrue();
  }
}
