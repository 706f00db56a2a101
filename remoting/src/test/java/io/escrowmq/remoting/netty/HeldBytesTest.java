package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.BIG;
import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Many peers that each keep their limits, and together would take all memory. */
class HeldBytesTest {

  private static final int MIB = 1 << 20;

  @AutoClose
  private final Loopback net = new Loopback();

  @Test
  void shouldKeepUnfinishedFramesWithinTheBudgetAndServeOthers() throws Exception {
    // given
    NettyRemotingServer server =
        net.server(RemotingSettings.forServer(2).withMaxHeldBytes(8 * MIB));
    RawPeer other = net.raw(server);

    // when
    for (int i = 0; i < 20; i++) {
      tryToSend(net.raw(server), unfinished(4 * MIB, MIB));
    }
    await().until(() -> server.counts().greedyPeers() > 0);

    // then
    assertServed(other);
    await().until(() -> server.counts().openConnections() <= 9);
    assertThat(server.counts().greedyPeers()).isBetween(12L, 16L);
    assertServed(other);
  }

  @Test
  void shouldCloseNobodyAtTheBudgetAndOneAboveIt() throws Exception {
    // given
    NettyRemotingServer server =
        net.server(RemotingSettings.forServer(2).withMaxHeldBytes(4 * MIB));
    RawPeer first = net.raw(server);
    RawPeer second = net.raw(server);
    first.send(unfinished(4 * MIB, 1_200_000)); // in a buffer of 2 MiB
    second.send(unfinished(4 * MIB, 1_500_000)); // likewise: just the budget
    RawPeer other = net.raw(server);
    assertServed(other);

    // when
    tryToSend(second, new byte[1_000_000]); // now in one of 4 MiB

    // then
    assertThat(second.isClosedByPeer()).isTrue();
    assertThat(server.counts().greedyPeers()).isEqualTo(1);
    first.send(new byte[4 * MIB - 1_200_000]); // completes its frame of zeros
    assertServed(other);
  }

  @Test
  void shouldCloseThoseForWhomTheMostWaitsUnread() throws Exception {
    // given
    NettyRemotingServer server =
        net.server(RemotingSettings.forServer(2).withMaxHeldBytes(16 * MIB));
    RawPeer other = net.raw(server);
    int peers = 40;
    int calls = 100; // 6.4 MB for each

    // when
    for (int i = 0; i < peers; i++) {
      RawPeer lazy = net.raw(server);
      byte[][] frames = new byte[calls][];
      for (int call = 0; call < calls; call++) {
        frames[call] = RawPeer.request(PARK.number(), call, HELLO);
      }
      lazy.send(frames);
    }
    await().until(() -> net.parked.size() == peers * calls);
    long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    net.parked.forEach(call -> call.reply(Reply.ok(WireHeader.NONE, net.zeros(64 << 10))));

    // then
    await().until(() -> net.released.get() == peers * calls);
    assertThat(server.counts().greedyPeers()).isPositive();
    long taken = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
    assertThat(taken).isLessThan(64 * MIB); // 256 MB were answered
    assertServed(other);
  }

  @Test
  void shouldForgetWhatASlowPeerHasReadAtLast() throws Exception {
    // given
    NettyRemotingServer server =
        net.server(RemotingSettings.forServer(1).withMaxHeldBytes(2 * MIB));
    for (int round = 0; round < 3; round++) {
      RawPeer lazy = net.raw(server);
      int calls = 100;
      for (int i = 0; i < calls; i++) {
        lazy.send(RawPeer.request(BIG.number(), i, HELLO));
      }

      // when
      for (int i = 0; i < calls; i++) {
        lazy.receive();
      }
    }

    // then
    assertThat(server.counts().greedyPeers()).isZero();
  }

  @Test
  void shouldCountAPeerThatLeftNeitherAsSlowNorAsGreedy() throws Exception {
    // given
    NettyRemotingServer server = net.server(RemotingSettings.forServer(1));
    RawPeer leaver = net.raw(server);
    leaver.send(RawPeer.request(PARK.number(), 1, HELLO), RawPeer.request(PARK.number(), 2, HELLO));
    await().until(() -> net.parked.size() == 2);

    // when: all on its event loop, which hears of the reset by writing, and not before
    net.parked.element().connection().execute(() -> {
      reset(leaver);
      net.parked.forEach(call -> call.reply(Reply.ok(WireHeader.NONE, net.zeros(8 * MIB))));
    });

    // then
    await().until(() -> net.released.get() == 2);
    await().until(() -> server.counts().openConnections() == 0);
    assertThat(server.counts().slowPeers()).isZero();
    assertThat(server.counts().greedyPeers()).isZero();
  }

  private static void reset(RawPeer peer) {
    try {
      peer.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] unfinished(int announced, int there) {
    return ByteBuffer.allocate(there).putInt(announced - 4).putInt(100).array();
  }

  private static void tryToSend(RawPeer peer, byte[] bytes) {
    try {
      peer.send(bytes);
    } catch (IOException e) {
      assertThat(e).isNotNull(); // closed already: what the test is about
    }
  }

  private static void assertServed(RawPeer peer) throws IOException {
    peer.send(RawPeer.request(ECHO.number(), 6, HELLO));
    assertThat(peer.receive().body()).isEqualTo(HELLO);
  }
}
