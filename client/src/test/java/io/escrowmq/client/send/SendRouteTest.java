package io.escrowmq.client.send;

import static io.escrowmq.client.send.SendBed.TIMEOUT;
import static io.escrowmq.client.send.SendBed.failure;
import static io.escrowmq.client.send.SendBed.outbound;
import static io.escrowmq.client.send.SendBed.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.NameServers;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A send whose topic has no route yet, or none any more. */
final class SendRouteTest {

  private final SendBed bed = new SendBed();

  @Test
  void shouldKeepTheOrderOfMessagesThatWaitForTheRoute() {
    // given
    FakeNetwork slow = new FakeNetwork();
    NameServers names = new NameServers(slow, List.of("names:1"), TIMEOUT);
    Sender sender =
        new Sender(slow, bed.timer, new Routes(names, bed.timer, FakeRoutes.POLL_EVERY));
    for (byte number = 1; number <= 3; number++) {
      sender.send(outbound("orders", null, number), bed.timer.nanoTime() + TIMEOUT.toNanos(), 2);
    }
    assertThat(slow.sent(RequestCode.SEND_MESSAGE_V2)).isEmpty();

    // when
    slow.last(RequestCode.GET_ROUTEINFO_BY_TOPIC)
        .answer(bed.network.last(RequestCode.GET_ROUTEINFO_BY_TOPIC).answer().join());

    // then
    assertThat(slow.sent(RequestCode.SEND_MESSAGE_V2))
        .extracting(sent -> sent.body()[0])
        .containsExactly((byte) 1, (byte) 2, (byte) 3);
  }

  @Test
  void shouldSayThatATopicIsNowhere() {
    // when
    CompletionStage<Placement> placed = bed.send("nowhere", null);

    // then
    assertThat(failure(placed)).isInstanceOf(TopicNotFoundException.class);
  }

  @Test
  void shouldWaitForNameServersWithinItsDeadline() {
    // given
    bed.names.with("late", 1, "a");
    bed.network.down("names:1");

    // when
    CompletionStage<Placement> placed = bed.send("late", null);
    bed.timer.advance(Duration.ofSeconds(1));
    bed.network.up("names:1");
    bed.timer.advance(Duration.ofSeconds(1));

    // then
    bed.tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));
    assertThat(placed).isCompleted();
  }

  @Test
  void shouldGiveUpWaitingForARoute() {
    // given: a name server that never answers
    FakeNetwork silent = new FakeNetwork();
    Routes unknown = new Routes(
        new NameServers(silent, List.of("n:1"), Duration.ofMinutes(1)),
        bed.timer,
        Duration.ofSeconds(30));
    Outbound outbound =
        new Outbound("shop", "orders", null, Outbound.Kind.MESSAGE, 0, "", Body.of(new byte[3]), 7);

    // when
    CompletionStage<Placement> placed = new Sender(silent, bed.timer, unknown)
        .send(outbound, bed.timer.nanoTime() + TIMEOUT.toNanos(), 2);
    bed.timer.advance(TIMEOUT);

    // then
    assertThat(failure(placed)).isInstanceOf(NotWritableException.class);
  }

  @Test
  void shouldHaveATopicAwaitedThatASendHasCreated() {
    // given
    bed.names.with("TBW102", 1, "a");
    bed.send("new", null);

    // when
    bed.tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(bed.routes.findPatiently("new")).isNotDone();
  }

  @Test
  void shouldHaveATopicAwaitedThatAOneWaySendMayHaveCreated() {
    // given
    bed.names.with("TBW102", 1, "a");

    // when
    bed.sender.sendOneWay(outbound("new", null, (byte) 0));

    // then
    assertThat(bed.routes.findPatiently("new")).isNotDone();
  }

  @Test
  void shouldHaveNoTopicAwaitedWhoseFirstSendFailed() {
    // given
    bed.names.with("TBW102", 1, "a");
    bed.send("new", null);

    // when
    bed.tries().get(0).answer(FakeNetwork.refused(ResponseCode.NO_PERMISSION));

    // then
    assertThat(failure(bed.routes.findPatiently("new"))).isInstanceOf(TopicNotFoundException.class);
  }

  @Test
  void shouldWaitUntilATopicIsWritableAgain() {
    // given
    bed.names.with("closed", 1, 4, "a");
    CompletionStage<Placement> placed = bed.send("closed", null);

    // when
    bed.names.with("closed", 1, 6, "a");
    bed.timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(placed).isNotDone();
    bed.tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));
    assertThat(placed).isCompleted();
  }
}
