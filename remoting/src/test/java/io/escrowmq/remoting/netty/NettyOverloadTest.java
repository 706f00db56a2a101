package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.BIG;
import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static io.escrowmq.remoting.netty.Loopback.withMaxPending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Peers that lie, that do not read, and that ask too much. */
class NettyOverloadTest {

  @AutoClose
  private final Loopback net = new Loopback();

  @Test
  void shouldCloseTheConnectionOfAHostileFrameAndNoOther() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    RawPeer bystander = net.raw(server);
    byte[] noise = {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'};
    byte[][] hostile = {
      ints(Integer.MAX_VALUE),
      ints(-1),
      ints(0),
      ints(3),
      ints((16 << 20) + 1),
      ints(100, 101), // the header is longer than the frame
      ints(1 << 20, 700 << 10), // the header is longer than any header
      ints(8, 7 << 24, 0), // an unknown encoding
      ints(8, 4, 0x5B5B5B5B), // JSON that is no object
      ints(25, 1 << 24 | 21, 0, 0, 0, 0x00FF_0000, 0, 0), // the binary remark is 4 GB long
      noise
    };

    for (byte[] frame : hostile) {
      // when
      RawPeer peer = net.raw(server);
      peer.send(RawPeer.request(ECHO.number(), 5, HELLO));
      peer.receive();
      peer.send(frame);

      // then
      assertThat(peer.isClosedByPeer()).as(HexFormat.of().formatHex(frame)).isTrue();
    }
    assertThat(server.counts().badFrames()).isEqualTo(hostile.length);
    bystander.send(RawPeer.request(ECHO.number(), 6, HELLO));
    assertThat(bystander.receive().body()).isEqualTo(HELLO);
  }

  @Test
  void shouldTakeNoMemoryForWhatAFrameOnlyClaims() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    RawPeer first = net.raw(server);
    first.send(RawPeer.request(ECHO.number(), 1, HELLO));
    first.receive();
    long before = usedDirectBytes();

    // when
    for (int i = 0; i < 50; i++) {
      net.raw(server).send(ints(16 << 20, 40), new byte[20]);
    }
    await().until(() -> server.counts().openConnections() == 51);
    first.send(RawPeer.request(ECHO.number(), 1, HELLO));
    first.receive();

    // then
    assertThat(usedDirectBytes() - before).isLessThan(32 << 20); // they claim 800 MB
  }

  @Test
  void shouldStopReadingFromAPeerThatDoesNotRead() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    RawPeer lazy = net.raw(server);
    RawPeer other = net.raw(server);
    int calls = 2_000; // 128 MB of answers
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(BIG.number(), i, new byte[0]);
    }

    // when
    lazy.send(frames);

    // then
    other.send(RawPeer.request(ECHO.number(), 6, HELLO));
    assertThat(other.receive().body()).isEqualTo(HELLO);
    assertThat(server.counts().requests()).isLessThan(calls);
    for (int i = 0; i < calls; i++) {
      assertThat(lazy.receive().header().opaque()).isEqualTo(i);
    }
    assertThat(server.counts().slowPeers()).isZero();
  }

  @Test
  void shouldCloseAPeerForWhichTooMuchWaits() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    RawPeer lazy = net.raw(server);
    int calls = 1_500; // 96 MB of answers, 64 MB may wait
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, new byte[0]);
    }
    lazy.send(frames);
    await().until(() -> net.parked.size() == calls);

    // when
    net.parked.forEach(call -> call.reply(Reply.ok(WireHeader.NONE, net.zeros(64 << 10))));

    // then
    await().until(() -> server.counts().slowPeers() == 1);
    await().until(() -> net.released.get() == calls);
  }

  @Test
  void shouldReadNoMoreRequestsWhileTooManyAreUnanswered() throws Exception {
    // given
    NettyRemotingServer server = net.server(withMaxPending(10));
    RawPeer peer = net.raw(server);
    byte[][] frames = new byte[25][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, HELLO);
    }

    // when
    peer.send(frames);

    // then
    int answered = 0;
    while (answered < frames.length) {
      int most = Math.min(10, frames.length - answered);
      await().until(() -> net.parked.size() == most);
      Call call;
      while ((call = net.parked.poll()) != null) {
        call.reply(Reply.ok());
        assertThat(peer.receive().header().opaque()).isEqualTo(answered++);
        if (answered == frames.length) {
          break;
        }
      }
    }
  }

  @Test
  void shouldRefuseConnectionsBeyondTheLimit() throws Exception {
    // given
    NettyRemotingServer server = net.server(Loopback.withMaxConnections(2));
    RawPeer first = net.raw(server);
    RawPeer second = net.raw(server);
    await().until(() -> server.counts().openConnections() == 2);

    // when
    RawPeer third = net.raw(server);

    // then
    assertThat(third.isClosedByPeer()).isTrue();
    assertThat(server.counts().refusedConnections()).isEqualTo(1);
    first.close();
    await().until(() -> server.counts().openConnections() == 1);
    RawPeer fourth = net.raw(server);
    fourth.send(RawPeer.request(ECHO.number(), 1, HELLO));
    assertThat(fourth.receive().body()).isEqualTo(HELLO);
    second.close();
  }

  private static byte[] ints(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return bytes.array();
  }

  private static long usedDirectBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }
}
