package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.netty.CrowdRule.Seat;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CrowdRuleTest {

  private static final InetAddress HOME = address(1);
  private static final InetAddress CROWD = address(2);

  @AutoClose
  private final Loopback net = new Loopback();

  @Test
  void shouldLetThoseGiveWayThatNeverAsked() {
    // given
    List<Seat<String>> seats = List.of(
        seat("client", HOME, 60_000, 59_999, true),
        seat("fresh", HOME, 4_999, 4_999, false),
        seat("slow loris", HOME, 5_000, 10, false));

    // when
    List<String> leaving = CrowdRule.giveWay(seats, HOME, 10);

    // then
    assertThat(leaving).containsExactly("slow loris");
  }

  @Test
  void shouldLetThoseGiveWayThatMissedTwoHeartbeatsTheMostSilentFirst() {
    // given
    List<Seat<String>> seats = List.of(
        seat("a", HOME, 100_000, 60_000, true),
        seat("b", HOME, 100_000, 80_000, true),
        seat("c", HOME, 100_000, 70_000, true),
        seat("d", HOME, 100_000, 59_999, true));

    // when
    List<String> leaving = CrowdRule.giveWay(seats, HOME, 2);

    // then
    assertThat(leaving).containsExactly("b", "c");
  }

  @Test
  void shouldLetTheLargestAddressGiveWayToOthersOnly() {
    // given
    List<Seat<String>> seats = List.of(
        seat("a", CROWD, 1_000, 10, true),
        seat("b", CROWD, 1_000, 20, true),
        seat("c", CROWD, 1_000, 15, true),
        seat("home", HOME, 1_000, 900, true));

    // then
    assertThat(CrowdRule.giveWay(seats, HOME, 10)).containsExactly("b");
    assertThat(CrowdRule.giveWay(seats, CROWD, 10)).isEmpty();
  }

  @Test
  void shouldRefuseANewcomerThatWouldOnlyBecomeTheLargestItself() {
    // given
    List<Seat<String>> seats = List.of(
        seat("a", CROWD, 1_000, 10, true),
        seat("b", CROWD, 1_000, 20, true),
        seat("home", HOME, 1_000, 900, true));

    // then
    assertThat(CrowdRule.giveWay(seats, HOME, 10)).isEmpty();
  }

  @Test
  void shouldServeAnotherAddressAlthoughOneHasTakenAllConnections() throws Exception {
    // given
    RemotingSettings three = Loopback.withMaxConnections(3);
    NettyRemotingServer server = net.server(three);
    for (int i = 0; i < 3; i++) {
      RawPeer taken = net.raw(server, "127.0.0.2");
      taken.send(RawPeer.request(ECHO.number(), 1, HELLO));
      taken.receive();
    }

    // when
    RawPeer other = net.raw(server, "127.0.0.1");
    other.send(RawPeer.request(ECHO.number(), 1, HELLO));

    // then
    assertThat(other.receive().body()).isEqualTo(HELLO);
    assertThat(server.counts().silentPeers()).isEqualTo(1);
    await().until(() -> server.counts().openConnections() == 3);
  }

  private static Seat<String> seat(
      String name, InetAddress host, long ageMillis, long silentMillis, boolean asked) {
    return new Seat<>(
        name,
        host,
        Duration.ofMillis(ageMillis).toNanos(),
        Duration.ofMillis(silentMillis).toNanos(),
        asked);
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
