package io.escrowmq.client.send;

import static io.escrowmq.client.send.SendBed.TIMEOUT;
import static io.escrowmq.client.send.SendBed.failure;
import static io.escrowmq.client.send.SendBed.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.SentRequest;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A send, from its first try to its end, on a made-up clock. */
final class SenderTest {

  private final SendBed bed = new SendBed();

  @Test
  void shouldSayWhereTheMessageWent() {
    // when
    CompletionStage<Placement> placed = bed.send();
    bed.tries().get(0).answer(stored(ResponseCode.SUCCESS, 0));

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
    CompletionStage<Placement> placed = bed.send();
    bed.tries().get(0).answer(stored(code, 0));

    // then
    assertThat(placed.toCompletableFuture().join().safety())
        .isEqualTo(
            code == ResponseCode.FLUSH_DISK_TIMEOUT ? Safety.NOT_FLUSHED : Safety.NOT_REPLICATED);
    assertThat(bed.tries()).hasSize(1);
  }

  @Test
  void shouldGoToAnotherBrokerAtOnceWhenOneCannotBeReached() {
    // given
    bed.network.down("a:1");

    // when
    CompletionStage<Placement> placed = bed.send();
    bed.tries().get(1).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(bed.tries()).extracting(SentRequest::address).containsExactly("a:1", "b:1");
    assertThat(placed.toCompletableFuture().join().broker()).isEqualTo("b:1");
    assertThat(placed.toCompletableFuture().join().atOnce()).isFalse();
  }

  @Test
  void shouldPreferOthersToABrokerThatHasJustFailed() {
    // given
    bed.network.down("a:1");
    bed.network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored(ResponseCode.SUCCESS, 0));
    bed.send();
    bed.network.up("a:1");

    // when
    for (int i = 0; i < 4; i++) {
      bed.send();
    }
    int toA = count("a:1");
    bed.timer.advance(Duration.ofSeconds(3));
    for (int i = 0; i < 4; i++) {
      bed.send();
    }

    // then
    assertThat(toA).isEqualTo(1);
    assertThat(count("a:1")).isEqualTo(3);
  }

  private int count(String address) {
    return (int)
        bed.tries().stream().filter(sent -> sent.address().equals(address)).count();
  }

  @Test
  void shouldTryAgainWithinItsDeadlineWhenNobodyCanBeReached() {
    // given
    bed.names.with("solo", 1, "a");
    bed.network.down("a:1");

    // when
    CompletionStage<Placement> placed = bed.send("solo", null);
    bed.timer.advance(Duration.ofSeconds(1));
    bed.network.up("a:1");
    bed.timer.advance(Duration.ofSeconds(1));
    bed.tries().get(bed.tries().size() - 1).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(placed).isCompleted();
    assertThat(bed.tries()).hasSizeGreaterThan(3);
  }

  @Test
  void shouldSayThatNothingWasSentWhenNobodyCouldBeReached() {
    // given
    bed.network.down("a:1");
    bed.network.down("b:1");

    // when
    CompletionStage<Placement> placed = bed.send();
    bed.timer.advance(TIMEOUT);

    // then
    assertThat(failure(placed)).isInstanceOfSatisfying(NotWritableException.class, why -> {
      assertThat(why.mayHaveHappened()).isFalse();
      assertThat(why.server()).isIn("a:1", "b:1");
    });
  }

  @Test
  void shouldRepeatAtTheSameBrokerWhatItMayHave() {
    // when
    bed.send();
    bed.tries().get(0).fail(Reason.TIMED_OUT);

    // then
    SentRequest first = bed.tries().get(0);
    SentRequest second = bed.tries().get(1);
    assertThat(second.address()).isEqualTo(first.address());
    assertThat(second.fields()).isEqualTo(first.fields()).containsEntry("g", "7");
    assertThat(second.fields().get("i")).contains("X1");
  }

  @Test
  void shouldGoElsewhereWhenThatBrokerIsGone() {
    // given
    bed.send();
    bed.network.down("a:1");

    // when
    bed.tries().get(0).fail(Reason.CONNECTION_CLOSED);

    // then
    assertThat(bed.tries()).extracting(SentRequest::address).containsExactly("a:1", "a:1", "b:1");
  }

  @Test
  void shouldSayThatAMessageMayBeStoredWhenAnAnswerWasLost() {
    // given
    CompletionStage<Placement> placed = bed.send();
    bed.tries().get(0).fail(Reason.CONNECTION_CLOSED);
    bed.tries().get(1).fail(Reason.TIMED_OUT);

    // when: the last word of a broker is no, but an earlier one may have it
    bed.tries().get(2).answer(FakeNetwork.refused(ResponseCode.MESSAGE_ILLEGAL));

    // then
    assertThat(failure(placed)).isInstanceOfSatisfying(SendTimeoutException.class, why -> {
      assertThat(why.mayHaveHappened()).isTrue();
      assertThat(why).hasMessageContaining("may be stored");
    });
  }

  @Test
  void shouldLeaveTimeForAnotherTry() {
    // when
    bed.send();
    bed.timer.advance(Duration.ofMillis(1_500));
    bed.tries().get(0).fail(Reason.TIMED_OUT);
    bed.timer.advance(Duration.ofMillis(750));
    bed.tries().get(1).fail(Reason.TIMED_OUT);

    // then
    assertThat(bed.tries())
        .extracting(SentRequest::timeout)
        .containsExactly(Duration.ofMillis(1_500), Duration.ofMillis(750), Duration.ofMillis(750));
  }

  @Test
  void shouldNotRepeatMoreOftenThanAllowed() {
    // given
    CompletionStage<Placement> placed = bed.send();

    // when
    for (int i = 0; i < 3; i++) {
      assertThat(placed).isNotDone();
      bed.tries().get(i).fail(Reason.TIMED_OUT);
    }

    // then
    assertThat(bed.tries()).hasSize(3);
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
    CompletionStage<Placement> placed = bed.send();

    // when
    bed.tries().get(0).answer(FakeNetwork.refused(code));
    bed.tries().get(1).answer(stored(ResponseCode.SUCCESS, 0));

    // then
    assertThat(bed.tries()).extracting(SentRequest::address).containsExactly("a:1", "b:1");
    assertThat(placed).isCompleted();
  }

  @Test
  void shouldNotRepeatWhatWillNeverBeTaken() {
    // given
    CompletionStage<Placement> placed = bed.send();

    // when
    bed.tries().get(0).answer(FakeNetwork.refused(ResponseCode.MESSAGE_ILLEGAL));

    // then
    assertThat(bed.tries()).hasSize(1);
    assertThat(failure(placed)).isInstanceOf(MessageRefusedException.class);
  }

  @Test
  void shouldSayThatABusyBrokerDidNotTakeIt() {
    // given
    bed.names.with("solo", 1, "a");
    bed.network.answering(
        RequestCode.SEND_MESSAGE_V2, sent -> FakeNetwork.refused(ResponseCode.SYSTEM_BUSY));

    // when
    CompletionStage<Placement> placed = bed.send("solo", null);
    bed.timer.advance(TIMEOUT);

    // then
    assertThat(bed.tries()).hasSize(3);
    assertThat(failure(placed)).isInstanceOf(NotWritableException.class);
  }

  @Test
  void shouldKeepAnOrderingKeyAtItsQueue() {
    // given
    TopicQueue queue = QueueChoice.of(bed.routes.known("orders"), "customer-3");
    bed.network.down(queue.brokerName() + ":1");

    // when
    CompletionStage<Placement> placed = bed.send("orders", "customer-3");
    bed.timer.advance(Duration.ofSeconds(1));
    bed.network.up(queue.brokerName() + ":1");
    bed.timer.advance(Duration.ofSeconds(1));
    bed.tries().get(bed.tries().size() - 1).answer(stored(ResponseCode.SUCCESS, queue.queueId()));

    // then
    assertThat(bed.tries()).allMatch(sent -> sent.address().equals(queue.brokerName() + ":1"));
    assertThat(placed.toCompletableFuture().join().queue()).isEqualTo(queue);
  }

  @Test
  void shouldFailAtOnceWhenTooMuchWaits() {
    // given
    CompletionStage<Placement> placed = bed.send();

    // when
    bed.tries().get(0).fail(Reason.TOO_MANY_PENDING);

    // then
    assertThat(bed.tries()).hasSize(1);
    assertThat(failure(placed)).isInstanceOf(OverloadedException.class);
  }

  @Test
  void shouldTellThatAnAnswerWithoutAPlaceWasATakenMessage() {
    // given
    CompletionStage<Placement> placed = bed.send();

    // when
    bed.tries().get(0).answer(FakeNetwork.ok(WireHeader.NONE));

    // then
    assertThat(failure(placed))
        .isInstanceOfSatisfying(
            ServerRefusedException.class,
            why -> assertThat(why.mayHaveHappened()).isTrue());
  }

  @Test
  void shouldForgetOneWaySends() {
    // when
    bed.sender.sendOneWay(new Outbound(
        "shop", "orders", null, Outbound.Kind.MESSAGE, 0, "", Body.of(new byte[3]), 7));

    // then
    assertThat(bed.tries()).hasSize(1);
    assertThat(bed.tries().get(0).timeout()).isZero();
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
