package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.Sent;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.NameServers;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendResponseHeader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A send, from its first try to its end, on a made-up clock. */
final class SenderTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ManualTimer timer = new ManualTimer();
  private final FakeNetwork network = new FakeNetwork();
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 2, "a", "b");
  private final Routes routes = names.routes(timer);
  private final Sender sender = new Sender(network, timer, routes);

  @BeforeEach
  void knowTheRoute() {
    routes.find("orders");
  }

  private CompletionStage<Placement> send() {
    return send("orders", null);
  }

  private CompletionStage<Placement> send(String topic, String orderingKey) {
    Outbound outbound = outbound(topic, orderingKey, (byte) 0);
    return sender.send(outbound, timer.nanoTime() + TIMEOUT.toNanos(), 2).toCompletableFuture();
  }

  private static Outbound outbound(String topic, String orderingKey, byte content) {
    return new Outbound(
        "shop",
        topic,
        orderingKey,
        false,
        0,
        "UNIQ_KEY\u0001X1\u0002",
        Body.of(new byte[] {content}),
        7);
  }

  private List<Sent> tries() {
    return network.sent(RequestCode.SEND_MESSAGE_V2);
  }

  private static Answer stored(ResponseCode code, int queueId) {
    return FakeNetwork.answer(
        code, new SendResponseHeader("0A", queueId, 17, "X1", null, "r", true), new byte[0]);
  }

  private static Throwable failure(CompletionStage<?> stage) {
    assertThat(stage).isCompletedExceptionally();
    return Failures.unwrapped(
        stage.handle((result, failure) -> failure).toCompletableFuture().join());
  }

  @Test
  void shouldSayWhereTheMessageWent() {
    // when
    CompletionStage<Placement> placed = send();
    tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(placed.toCompletableFuture().join())
        .isEqualTo(new Placement(
            "a:1", new TopicQueue("orders", "a", 0), 17, "0A", Safety.AS_CONFIGURED, true));
  }

  @ParameterizedTest
  @EnumSource(
      value = ResponseCode.class,
      names = {"FLUSH_DISK_TIMEOUT", "FLUSH_SLAVE_TIMEOUT", "SLAVE_NOT_AVAILABLE"})
  void shouldTakeAMessageForStoredThatIsNotSafeYet(ResponseCode code) {
    // when
    CompletionStage<Placement> placed = send();
    tries().get(0).answer(stored(code, 0));

    // then
    assertThat(placed.toCompletableFuture().join().safety())
        .isEqualTo(
            code == ResponseCode.FLUSH_DISK_TIMEOUT ? Safety.NOT_FLUSHED : Safety.NOT_REPLICATED);
    assertThat(tries()).hasSize(1);
  }

  @Test
  void shouldKeepTheOrderOfMessagesThatWaitForTheRoute() {
    // given
    FakeNetwork slow = new FakeNetwork();
    NameServers names = new NameServers(slow, List.of("names:1"), TIMEOUT);
    Sender sender = new Sender(slow, timer, new Routes(names, timer, FakeRoutes.POLL_EVERY));
    for (byte number = 1; number <= 3; number++) {
      sender.send(outbound("orders", null, number), timer.nanoTime() + TIMEOUT.toNanos(), 2);
    }
    assertThat(slow.sent(RequestCode.SEND_MESSAGE_V2)).isEmpty();

    // when
    slow.last(RequestCode.GET_ROUTEINFO_BY_TOPIC)
        .answer(network.last(RequestCode.GET_ROUTEINFO_BY_TOPIC).answer().join());

    // then
    assertThat(slow.sent(RequestCode.SEND_MESSAGE_V2))
        .extracting(sent -> sent.body()[0])
        .containsExactly((byte) 1, (byte) 2, (byte) 3);
  }

  @Test
  void shouldGoToAnotherBrokerAtOnceWhenOneCannotBeReached() {
    // given
    network.down("a:1");

    // when
    CompletionStage<Placement> placed = send();
    tries().get(1).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(tries()).extracting(Sent::address).containsExactly("a:1", "b:1");
    assertThat(placed.toCompletableFuture().join().broker()).isEqualTo("b:1");
    assertThat(placed.toCompletableFuture().join().atOnce()).isFalse();
  }

  @Test
  void shouldPreferOthersToABrokerThatHasJustFailed() {
    // given
    network.down("a:1");
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored(ResponseCode.SUCCESS, 0));
    send();
    network.up("a:1");

    // when
    for (int i = 0; i < 4; i++) {
      send();
    }
    int toA = count("a:1");
    timer.advance(Duration.ofSeconds(3));
    for (int i = 0; i < 4; i++) {
      send();
    }

    // then
    assertThat(toA).isEqualTo(1);
    assertThat(count("a:1")).isEqualTo(3);
  }

  private int count(String address) {
    return (int) tries().stream().filter(sent -> sent.address().equals(address)).count();
  }

  @Test
  void shouldTryAgainWithinItsDeadlineWhenNobodyCanBeReached() {
    // given
    names.with("solo", 1, "a");
    network.down("a:1");

    // when
    CompletionStage<Placement> placed = send("solo", null);
    timer.advance(Duration.ofSeconds(1));
    network.up("a:1");
    timer.advance(Duration.ofSeconds(1));
    tries().get(tries().size() - 1).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(placed).isCompleted();
    assertThat(tries()).hasSizeGreaterThan(3);
  }

  @Test
  void shouldSayThatNothingWasSentWhenNobodyCouldBeReached() {
    // given
    network.down("a:1");
    network.down("b:1");

    // when
    CompletionStage<Placement> placed = send();
    timer.advance(TIMEOUT);

    // then
    assertThat(failure(placed)).isInstanceOfSatisfying(NotWritableException.class, why -> {
      assertThat(why.mayHaveHappened()).isFalse();
      assertThat(why.server()).isIn("a:1", "b:1");
    });
  }

  @Test
  void shouldRepeatAtTheSameBrokerWhatItMayHave() {
    // when
    send();
    tries().get(0).fail(Reason.TIMED_OUT);

    // then
    Sent first = tries().get(0);
    Sent second = tries().get(1);
    assertThat(second.address()).isEqualTo(first.address());
    assertThat(second.fields()).isEqualTo(first.fields()).containsEntry("g", "7");
    assertThat(second.fields().get("i")).contains("X1");
  }

  @Test
  void shouldGoElsewhereWhenThatBrokerIsGone() {
    // given
    send();
    network.down("a:1");

    // when
    tries().get(0).fail(Reason.CONNECTION_CLOSED);

    // then
    assertThat(tries()).extracting(Sent::address).containsExactly("a:1", "a:1", "b:1");
  }

  @Test
  void shouldSayThatAMessageMayBeStoredWhenAnAnswerWasLost() {
    // given
    CompletionStage<Placement> placed = send();
    tries().get(0).fail(Reason.CONNECTION_CLOSED);
    tries().get(1).fail(Reason.TIMED_OUT);

    // when: the last word of a broker is no, but an earlier one may have it
    tries().get(2).answer(FakeNetwork.refused(ResponseCode.MESSAGE_ILLEGAL));

    // then
    assertThat(failure(placed)).isInstanceOfSatisfying(SendTimeoutException.class, why -> {
      assertThat(why.mayHaveHappened()).isTrue();
      assertThat(why).hasMessageContaining("may be stored");
    });
  }

  @Test
  void shouldLeaveTimeForAnotherTry() {
    // when
    send();
    timer.advance(Duration.ofMillis(1_500));
    tries().get(0).fail(Reason.TIMED_OUT);
    timer.advance(Duration.ofMillis(750));
    tries().get(1).fail(Reason.TIMED_OUT);

    // then
    assertThat(tries())
        .extracting(Sent::timeout)
        .containsExactly(Duration.ofMillis(1_500), Duration.ofMillis(750), Duration.ofMillis(750));
  }

  @Test
  void shouldNotRepeatMoreOftenThanAllowed() {
    // given
    CompletionStage<Placement> placed = send();

    // when
    for (int i = 0; i < 3; i++) {
      assertThat(placed).isNotDone();
      tries().get(i).fail(Reason.TIMED_OUT);
    }

    // then
    assertThat(tries()).hasSize(3);
    assertThat(failure(placed)).isInstanceOf(SendTimeoutException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = ResponseCode.class,
      names = {
        "SYSTEM_BUSY",
        "SERVICE_NOT_AVAILABLE",
        "SYSTEM_ERROR",
        "NO_PERMISSION",
        "TOPIC_NOT_EXIST"
      })
  void shouldAskAnotherBrokerWhereOneRefuses(ResponseCode code) {
    // given
    CompletionStage<Placement> placed = send();

    // when
    tries().get(0).answer(FakeNetwork.refused(code));
    tries().get(1).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(tries()).extracting(Sent::address).containsExactly("a:1", "b:1");
    assertThat(placed).isCompleted();
  }

  @Test
  void shouldNotRepeatWhatWillNeverBeTaken() {
    // given
    CompletionStage<Placement> placed = send();

    // when
    tries().get(0).answer(FakeNetwork.refused(ResponseCode.MESSAGE_ILLEGAL));

    // then
    assertThat(tries()).hasSize(1);
    assertThat(failure(placed)).isInstanceOf(MessageRefusedException.class);
  }

  @Test
  void shouldSayThatABusyBrokerDidNotTakeIt() {
    // given
    names.with("solo", 1, "a");
    network.answering(
        RequestCode.SEND_MESSAGE_V2, sent -> FakeNetwork.refused(ResponseCode.SYSTEM_BUSY));

    // when
    CompletionStage<Placement> placed = send("solo", null);
    timer.advance(TIMEOUT);

    // then
    assertThat(tries()).hasSize(3);
    assertThat(failure(placed)).isInstanceOf(NotWritableException.class);
  }

  @Test
  void shouldKeepAnOrderingKeyAtItsQueue() {
    // given
    TopicQueue queue = QueueChoice.of(routes.known("orders"), "customer-3");
    network.down(queue.brokerName() + ":1");

    // when
    CompletionStage<Placement> placed = send("orders", "customer-3");
    timer.advance(Duration.ofSeconds(1));
    network.up(queue.brokerName() + ":1");
    timer.advance(Duration.ofSeconds(1));
    tries().get(tries().size() - 1).answer(stored(ResponseCode.SUCCESS, queue.queueId()));

    // then
    assertThat(tries()).allMatch(sent -> sent.address().equals(queue.brokerName() + ":1"));
    assertThat(placed.toCompletableFuture().join().queue()).isEqualTo(queue);
  }

  @Test
  void shouldFailAtOnceWhenTooMuchWaits() {
    // given
    CompletionStage<Placement> placed = send();

    // when
    tries().get(0).fail(Reason.TOO_MANY_PENDING);

    // then
    assertThat(tries()).hasSize(1);
    assertThat(failure(placed)).isInstanceOf(OverloadedException.class);
  }

  @Test
  void shouldSayThatATopicIsNowhere() {
    // when
    CompletionStage<Placement> placed = send("nowhere", null);

    // then
    assertThat(failure(placed)).isInstanceOf(TopicNotFoundException.class);
  }

  @Test
  void shouldWaitForNameServersWithinItsDeadline() {
    // given
    names.with("late", 1, "a");
    network.down("names:1");

    // when
    CompletionStage<Placement> placed = send("late", null);
    timer.advance(Duration.ofSeconds(1));
    network.up("names:1");
    timer.advance(Duration.ofSeconds(1));

    // then
    tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));
    assertThat(placed).isCompleted();
  }

  @Test
  void shouldGiveUpWaitingForARoute() {
    // given: a name server that never answers
    FakeNetwork silent = new FakeNetwork();
    Routes unknown = new Routes(
        new NameServers(silent, List.of("n:1"), Duration.ofMinutes(1)),
        timer,
        Duration.ofSeconds(30));
    Outbound outbound = new Outbound("shop", "orders", null, false, 0, "", Body.of(new byte[3]), 7);

    // when
    CompletionStage<Placement> placed =
        new Sender(silent, timer, unknown).send(outbound, timer.nanoTime() + TIMEOUT.toNanos(), 2);
    timer.advance(TIMEOUT);

    // then
    assertThat(failure(placed)).isInstanceOf(NotWritableException.class);
  }

  @Test
  void shouldHaveATopicAwaitedThatASendHasCreated() {
    // given
    names.with("TBW102", 1, "a");
    send("new", null);

    // when
    tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(routes.findPatiently("new")).isNotDone();
  }

  @Test
  void shouldHaveATopicAwaitedThatAOneWaySendMayHaveCreated() {
    // given
    names.with("TBW102", 1, "a");

    // when
    sender.sendOneWay(outbound("new", null, (byte) 0));

    // then
    assertThat(routes.findPatiently("new")).isNotDone();
  }

  @Test
  void shouldHaveNoTopicAwaitedWhoseFirstSendFailed() {
    // given
    names.with("TBW102", 1, "a");
    send("new", null);

    // when
    tries().get(0).answer(FakeNetwork.refused(ResponseCode.NO_PERMISSION));

    // then
    assertThat(failure(routes.findPatiently("new"))).isInstanceOf(TopicNotFoundException.class);
  }

  @Test
  void shouldEndASendThatPausesWhenClosed() {
    // given
    network.down("a:1");
    network.down("b:1");
    CompletionStage<Placement> placed = send();
    int before = tries().size();

    // when
    sender.close();
    timer.advance(TIMEOUT);

    // then
    assertThat(failure(placed))
        .isInstanceOfSatisfying(
            ClosedException.class, why -> assertThat(why.mayHaveHappened()).isFalse());
    assertThat(tries()).hasSize(before);
  }

  @Test
  void shouldSayThatAMessageMayBeStoredThatPausesWhenClosed() {
    // given
    CompletionStage<Placement> placed = send();
    network.down("a:1");
    network.down("b:1");
    tries().get(0).fail(Reason.CONNECTION_CLOSED);

    // when
    sender.close();

    // then
    assertThat(failure(placed))
        .isInstanceOfSatisfying(
            SendTimeoutException.class, why -> assertThat(why.mayHaveHappened()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2_990})
  void shouldEndASendThatLosesItsBrokerWhenClosed(long afterMillis) {
    // given
    names.with("solo", 1, "a");
    CompletionStage<Placement> placed = send("solo", null);
    sender.close();
    timer.advance(Duration.ofMillis(afterMillis));

    // when
    tries().get(0).fail(Reason.NOT_CONNECTED);

    // then
    assertThat(failure(placed)).isInstanceOf(ClosedException.class);
  }

  @Test
  void shouldEndASendThatWaitsForARouteWhenClosed() {
    // given: a name server that never answers
    FakeNetwork silent = new FakeNetwork();
    NameServers names = new NameServers(silent, List.of("names:1"), TIMEOUT);
    Sender sender = new Sender(silent, timer, new Routes(names, timer, FakeRoutes.POLL_EVERY));
    long deadline = timer.nanoTime() + TIMEOUT.toNanos();
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

  @Test
  void shouldWaitUntilATopicIsWritableAgain() {
    // given
    names.with("closed", 1, 4, "a");
    CompletionStage<Placement> placed = send("closed", null);

    // when
    names.with("closed", 1, 6, "a");
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(placed).isNotDone();
    tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));
    assertThat(placed).isCompleted();
  }

  @Test
  void shouldTellThatAnAnswerWithoutAPlaceWasATakenMessage() {
    // given
    CompletionStage<Placement> placed = send();

    // when
    tries().get(0).answer(FakeNetwork.ok(WireHeader.NONE));

    // then
    assertThat(failure(placed))
        .isInstanceOfSatisfying(
            ServerRefusedException.class,
            why -> assertThat(why.mayHaveHappened()).isTrue());
  }

  @Test
  void shouldForgetOneWaySends() {
    // when
    sender.sendOneWay(new Outbound("shop", "orders", null, false, 0, "", Body.of(new byte[3]), 7));

    // then
    assertThat(tries()).hasSize(1);
    assertThat(tries().get(0).timeout()).isZero();
  }

  @Test
  void shouldNameTheKindOfFailureForEveryCode() {
    for (ResponseCode code : ResponseCode.values()) {
      // when
      EscrowException why = Failures.refused("asking", "a:1", FakeNetwork.refused(code));

      // then
      assertThat(why.server()).isEqualTo("a:1");
      assertThat(why).hasMessageContaining("a:1").hasMessageContaining("because");
      assertThat(why.mayHaveHappened()).isEqualTo(code == ResponseCode.SYSTEM_ERROR);
    }
  }
}
