package io.escrowmq.remoting.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.Reply;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long bytes take, how many may be under way, and what the loss of first messages does. */
class LinesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int LARGE = 1 << 20;

  private final TwoMachines two = new TwoMachines(3);

  @AfterEach
  void shouldHaveFailedNowhere() {
    assertThat(two.world.failures()).isEmpty();
  }

  @Test
  void shouldDelayMostALittleAndFewVeryMuch() {
    Line line = Line.GOOD.withDelay(
        Duration.ofMillis(1), Duration.ofMillis(3), Duration.ofSeconds(30), 0.05);
    Random random = new Random(1);

    long[] millis = LongStream.range(0, 10_000)
        .map(i -> line.delay(random) / 1_000_000)
        .sorted()
        .toArray();

    assertThat(millis[0]).isEqualTo(1);
    assertThat(millis[9_000]).isLessThanOrEqualTo(3);
    assertThat(millis[9_900]).isGreaterThan(300);
    assertThat(millis[9_999]).isBetween(15_000L, 30_000L);
  }

  @Test
  void shouldRefuseALineThatNothingPasses() {
    assertThatThrownBy(() -> Line.GOOD.withBytesPerSecond(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Line.GOOD.withDelay(SECOND, SECOND, SECOND, 0)) // no room between the two
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldCarryNoMoreBytesThanTheLineDoes() {
    // given
    two.connect();
    two.network.link(two.client, two.server).set(Line.GOOD.withBytesPerSecond(LARGE));

    // when: 5 MiB at 1 MiB/s
    two.call(TwoMachines.ECHO, "large", new byte[5 * LARGE], LONG);
    two.world.run(Duration.ofMillis(4_500));

    // then
    assertThat(two.ends).containsExactly("a 0");
    two.world.run(SECOND);
    assertThat(two.ends).containsExactly("a 0", "large 0");
  }

  @Test
  void shouldHoldUpWhoWritesToAPeerThatDoesNotRead() {
    // given
    RemotingServer server = two.start();
    two.call(TwoMachines.PARK, "parked", new byte[1], LONG);
    two.world.run(SECOND);

    // when
    two.client.pause(Duration.ofMinutes(1));
    for (int i = 0; i < 20; i++) {
      two.notifyClient(LARGE);
    }
    two.world.run(SECOND);

    // then
    assertThat(two.network.bytesUnderWay()).isEqualTo(256 << 10);
    assertThat(server.counts().slowPeers()).isZero();
    two.parked.get(0).reply(Reply.ok());
    two.world.run(Duration.ofMinutes(2));
    assertThat(two.ends).containsExactly("parked 0");
    assertThat(two.network.bytesUnderWay()).isZero();
  }

  @Test
  void shouldLetAServerCloseAPeerForWhichTooMuchWaits() {
    // given
    RemotingServer server = two.start();
    two.call(TwoMachines.PARK, "parked", new byte[1], LONG);
    two.world.run(SECOND);

    // when
    two.client.pause(Duration.ofMinutes(1));
    for (int i = 0; i < 70; i++) {
      two.notifyClient(LARGE);
    }
    two.world.run(SECOND);

    // then
    assertThat(server.counts().slowPeers()).isEqualTo(1);
    assertThat(server.counts().openConnections()).isZero();
    two.world.run(Duration.ofMinutes(2));
    assertThat(two.ends).containsExactly("parked CONNECTION_CLOSED");
    assertThat(two.network.bytesUnderWay()).isZero();
  }

  @Test
  void shouldSendLostFirstMessagesAgainAfterASecond() {
    // given
    two.start();
    two.network.setAll(Line.GOOD.withLostAttempts(1));

    // when
    two.call("a", LONG);
    two.world.run(Duration.ofMillis(500));
    two.network.setAll(Line.GOOD);
    two.world.run(Duration.ofMillis(400));

    // then
    assertThat(two.ends).isEmpty();
    two.world.run(Duration.ofMillis(200));
    assertThat(two.ends).containsExactly("a 0");
  }

  @Test
  void shouldNotConnectWhileAllFirstMessagesAreLost() {
    two.start();
    two.network.setAll(Line.GOOD.withLostAttempts(1));

    two.call("a", LONG);
    two.world.run(Duration.ofSeconds(4));

    assertThat(two.ends).containsExactly("a NOT_CONNECTED");
    assertThat(two.network.connections(two.server)).isZero();
  }

  @Test
  void shouldReachNobodyFromAMachineThatIsIsolatedUntilAllIsHealed() {
    // given
    two.connect();

    // when
    two.network.isolate(two.client);
    two.call("b", Duration.ofMinutes(1));
    two.world.run(Duration.ofSeconds(30));

    // then
    assertThat(two.arrived).containsExactly("a");
    two.network.healAll();
    two.world.run(SECOND);
    assertThat(two.arrived).containsExactly("a", "b");
    assertThat(two.ends).containsExactly("a 0", "b 0");
  }

  @Test
  void shouldFindMachinesByNameAndRefuseNamesOfNobody() {
    two.start();

    String known = two.end("server:10911");
    String unknown = two.end("nobody-at-all:10911");

    assertThat(known).isEqualTo("NOT_CONNECTED"); // it listens at the loopback address only
    assertThat(unknown).isEqualTo("NOT_CONNECTED");
  }
}
