package io.escrowmq.remoting.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** For how long a peer has been silent when this side has not read what it sent. */
class SilentPeersTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TwoMachines two = new TwoMachines(7);

  @AfterEach
  void shouldHaveFailedNowhere() {
    assertThat(two.world.failures()).isEmpty();
  }

  @Test
  void shouldCountSilenceFromTheAnswerThatThePeerWaitedForThoughItWaitedForTenMinutes() {
    // given
    two.start(withMaxPending(RemotingSettings.forServer(1), 1));
    two.call("a", SECOND);
    two.world.run(SECOND);
    two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofHours(1));
    two.call("behind", Duration.ofHours(1));

    // when
    hearUntil(() -> two.world.nanos() > Duration.ofMinutes(10).toNanos());
    two.parked.get(0).reply(Reply.ok());
    long answered = two.world.nanos();
    hearUntil(() -> !two.closed.isEmpty());

    // then
    assertThat(two.ends).containsExactly("a 0", "parked 0", "behind 0");
    assertThat(two.world.nanos() - answered)
        .isGreaterThanOrEqualTo(Duration.ofMinutes(2).toNanos());
  }

  /** The server says something again and again, and the client nothing. */
  private void hearUntil(BooleanSupplier condition) {
    for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
      two.world.run(SECOND);
      two.notifyClient(1);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void shouldLeaveADeadWayThoughTheClientReadsNothingBecauseItsRequestsAreNotTaken() {
    // given: the server reads no more, and the client has a frame that waits until its own are
    // taken
    two.network.setBytesAtMost(100_000);
    two.start(withMaxPending(RemotingSettings.forServer(1), 1));
    two.call(TwoMachines.PARK, "parked", new byte[1], Duration.ofHours(1));
    two.world.run(SECOND);
    for (int i = 0; i < 40; i++) {
      two.call(TwoMachines.ECHO, "full", new byte[60_000], Duration.ofHours(1));
    }
    two.notifyClient(1);
    two.world.run(SECOND);

    // when
    two.network.link(two.client, two.server).cut();
    two.network.link(two.server, two.client).cut();
    for (int second = 1; second <= 12; second++) {
      two.call("late", SECOND);
      two.world.run(SECOND);
    }

    // then
    assertThat(two.ends).contains("late TIMED_OUT", "parked CONNECTION_CLOSED");
    two.network.healAll();
    two.call("b", SECOND);
    two.world.run(SECOND);
    assertThat(two.ends).endsWith("b 0");
  }

  private static RemotingSettings withMaxPending(RemotingSettings usual, int most) {
    return new RemotingSettings(
        usual.eventLoops(),
        usual.maxFrameBytes(),
        usual.idle(),
        usual.patience(),
        usual.writeHighWaterBytes(),
        usual.maxUnwrittenBytes(),
        usual.maxHeldBytes(),
        usual.maxConnections(),
        most,
        usual.requestHeaders());
  }
}
