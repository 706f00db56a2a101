package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.withMaxPending;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are much work, many of them on one connection, and the others of its event loop. */
class NettyFairnessTest {

  private static final int PIECES = 500;

  @AutoClose
  private final Loopback net = new Loopback();

  private final AtomicInteger pieces = new AtomicInteger();
  private final AtomicInteger piecesBeforeTheOther = new AtomicInteger();
  private final AtomicReference<Runnable> firstPiece = new AtomicReference<>(() -> {});
  private final NettyRemotingServer server = Loopback.server(
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
      RequestTable.of(
          RequestTable.on(PARK, HeaderReader.RAW, Permission.CONNECT, (call, header) -> work(call)),
          RequestTable.on(ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
            piecesBeforeTheOther.set(pieces.get());
            call.reply(Reply.ok());
          })),
      withMaxPending(2 * PIECES)); // one event loop

  private void work(Call call) {
    if (pieces.incrementAndGet() == 1) {
      firstPiece.get().run();
    }
    call.giveWay();
    call.reply(Reply.ok());
  }

  /** Its request comes while the first piece is at work, so it must be next but one at the latest. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void shouldServeAnotherConnectionBetweenTwoPiecesOfWork(int busyPeers) throws Exception {
    // given
    net.closeLater(server::close);
    server.start();
    RawPeer other = net.raw(server);
    other.send(echo());
    other.receive();
    firstPiece.set(() -> send(other, echo()));
    RawPeer[] busy = new RawPeer[busyPeers];

    // when
    for (int i = 0; i < busyPeers; i++) {
      busy[i] = net.raw(server);
    }
    for (RawPeer peer : busy) {
      peer.send(manyPieces());
    }
    other.receive();

    // then
    assertThat(piecesBeforeTheOther.get()).isBetween(1, 1 + 2 * busyPeers);
    for (RawPeer peer : busy) {
      for (int i = 0; i < PIECES; i++) {
        assertThat(peer.receive().header().opaque()).isEqualTo(i);
      }
    }
    assertThat(pieces).hasValue(PIECES * busyPeers);
  }

  @Test
  void shouldGoOnReadingWhenAllPiecesAreDone() throws Exception {
    // given
    net.closeLater(server::close);
    server.start();
    RawPeer busy = net.raw(server);
    busy.send(manyPieces());
    for (int i = 0; i < PIECES; i++) {
      busy.receive();
    }

    // when
    busy.send(echo());

    // then
    assertThat(busy.receive().header().code()).isZero();
  }

  private static byte[][] manyPieces() {
    byte[][] frames = new byte[PIECES][];
    for (int i = 0; i < PIECES; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, HELLO);
    }
    return frames;
  }

  private static byte[] echo() {
    return RawPeer.request(ECHO.number(), 1, HELLO);
  }

  private static void send(RawPeer peer, byte[] frame) {
    try {
      peer.send(frame);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
