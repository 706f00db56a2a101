package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.HeaderMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is too busy for one kind of requests. */
class NettyBusyTest {

  private static final int CALLS = 300;

  @AutoClose
  private final Loopback net = new Loopback();

  private final AtomicInteger read = new AtomicInteger();
  private volatile boolean isBusy = true;

  @ParameterizedTest
  @EnumSource(HeaderEncoding.class)
  void shouldAnswerEachRequestThatItRefusesUnreadAndGoOnWithTheOthers(HeaderEncoding encoding)
      throws Exception {
    // given
    NettyRemotingServer server = busyServer();
    RawPeer peer = net.raw(server);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      int code = i % 3 == 0 ? PARK.number() : ECHO.number();
      frames.add(RawPeer.frame(encoding, code, i, i % 5 == 1, HELLO)); // some wait for no answer
    }

    // when
    peer.send(frames.toArray(byte[][]::new));

    // then
    for (int i : IntStream.range(0, CALLS).filter(i -> i % 5 != 1).toArray()) {
      RawPeer.ReceivedFrame answer = peer.receive();
      assertThat(answer.encoding()).isEqualTo(encoding);
      assertThat(answer.header().opaque()).isEqualTo(i);
      assertThat(answer.header().isResponse()).isTrue();
      if (i % 3 == 0) {
        assertThat(answer.header().code()).isZero();
        assertThat(answer.body()).isEqualTo(HELLO);
      } else {
        assertThat(answer.header().code()).isEqualTo(ResponseCode.SYSTEM_BUSY.number());
        assertThat(answer.header().remark()).isEqualTo("\"later\"");
        assertThat(answer.body()).isEmpty();
      }
    }
    await().until(() -> server.counts().requests() == CALLS);
    assertThat(read).hasValue(0);
  }

  @Test
  void shouldTakeThemAgainWhenItIsNoLongerBusy() throws Exception {
    // given
    RawPeer peer = net.raw(busyServer());
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    peer.receive();

    // when
    isBusy = false;
    peer.send(RawPeer.request(ECHO.number(), 2, HELLO));

    // then
    assertThat(peer.receive().header().code()).isZero();
    assertThat(read).hasValue(1);
  }

  @Test
  void shouldRefuseAlsoWhatItHasToReadForThat() throws Exception {
    // given
    RawPeer peer = net.raw(busyServer());
    byte[] unusual =
        ("{\"code\":" + ECHO.number() + ", 'opaque' : 7}").getBytes(StandardCharsets.UTF_8);

    // when
    peer.send(ByteBuffer.allocate(8 + unusual.length)
        .putInt(4 + unusual.length)
        .putInt(HeaderMark.of(HeaderEncoding.JSON, unusual.length))
        .put(unusual)
        .array());

    // then
    RawPeer.ReceivedFrame answer = peer.receive();
    assertThat(answer.header().code()).isEqualTo(ResponseCode.SYSTEM_BUSY.number());
    assertThat(answer.header().opaque()).isEqualTo(7);
    assertThat(read).hasValue(0);
  }

  private NettyRemotingServer busyServer() {
    RequestTable requests = RequestTable.of(
        RequestTable.on(
                ECHO,
                call -> read.incrementAndGet(),
                Permission.CONNECT,
                (call, header) -> call.reply(Reply.ok()))
            .admittedBy(() -> isBusy ? Reply.refused(ResponseCode.SYSTEM_BUSY, "\"later\"") : null),
        RequestTable.on(
            PARK,
            HeaderReader.RAW,
            Permission.CONNECT,
            (call, header) -> call.reply(Reply.ok(fields -> {}, Body.of(call.bodyBytes())))));
    NettyRemotingServer server = Loopback.server(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), requests, settings());
    net.closeLater(server::close);
    server.start();
    return server;
  }
}
