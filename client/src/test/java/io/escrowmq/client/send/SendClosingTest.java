package io.escrowmq.client.send;

import static io.escrowmq.client.send.SendBed.TIMEOUT;
import static io.escrowmq.client.send.SendBed.failure;
import static io.escrowmq.client.send.SendBed.outbound;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.NameServers;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.RemotingException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A send that is under way when the client is closed. */
final class SendClosingTest {

  private final SendBed bed = new SendBed();

  @Test
  void shouldEndASendThatPausesWhenClosed() {
    // given
    bed.network.down("a:1");
    bed.network.down("b:1");
    CompletionStage<Placement> placed = bed.send();
    int before = bed.tries().size();

    // when
    bed.sender.close();
    bed.timer.advance(TIMEOUT);

    // then
    assertThat(failure(placed))
        .isInstanceOfSatisfying(
            ClosedException.class, why -> assertThat(why.mayHaveHappened()).isFalse());
    assertThat(bed.tries()).hasSize(before);
  }

  @Test
  void shouldSayThatAMessageMayBeStoredThatPausesWhenClosed() {
    // given
    CompletionStage<Placement> placed = bed.send();
    bed.network.down("a:1");
    bed.network.down("b:1");
    bed.tries().get(0).fail(Reason.CONNECTION_CLOSED);

    // when
    bed.sender.close();

    // then
    assertThat(failure(placed))
        .isInstanceOfSatisfying(
            SendTimeoutException.class, why -> assertThat(why.mayHaveHappened()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2_990})
  void shouldEndASendThatLosesItsBrokerWhenClosed(long afterMillis) {
    // given
    bed.names.with("solo", 1, "a");
    CompletionStage<Placement> placed = bed.send("solo", null);
    bed.sender.close();
    bed.timer.advance(Duration.ofMillis(afterMillis));

    // when
    bed.tries().get(0).fail(Reason.NOT_CONNECTED);

    // then
    assertThat(failure(placed)).isInstanceOf(ClosedException.class);
  }

  @Test
  void shouldEndASendThatWaitsForARouteWhenClosed() {
    // given: a name server that never answers
    FakeNetwork silent = new FakeNetwork();
    NameServers names = new NameServers(silent, List.of("names:1"), TIMEOUT);
    Sender sender =
        new Sender(silent, bed.timer, new Routes(names, bed.timer, FakeRoutes.POLL_EVERY));
    long deadline = bed.timer.nanoTime() + TIMEOUT.toNanos();
    CompletionStage<Placement> begunBefore =
        sender.send(outbound("orders", null, (byte) 1), deadline, 2);

    // when
    sender.close();
    CompletionStage<Placement> begunAfter =
        sender.send(outbound("orders", null, (byte) 2), deadline, 2);

    // then
    assertThat(failure(begunBefore)).isInstanceOf(ClosedException.class);
    assertThat(failure(begunAfter)).isInstanceOf(ClosedException.class);
  }
}
