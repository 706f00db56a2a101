package io.escrowmq.client.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullResponseHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QueuePullerTest implements QueuePuller.Sink {

  private static final TopicQueue QUEUE = new TopicQueue("orders", "a", 0);

  private final ManualTimer timer = new ManualTimer();
  private final List<Long> asked = new ArrayList<>();
  private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
  private final List<Long> pulledUpTo = new ArrayList<>();
  private final List<Long> moved = new ArrayList<>();
  private boolean room = true;
  private boolean sinkFails;
  private boolean asking = true;
  private final QueuePuller puller = new QueuePuller(
      QUEUE,
      (queue, offset, done) -> {
        asked.add(offset);
        if (!asking) {
          throw new IllegalStateException("no pull can be sent, as the test wants");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
      },
      timer,
      this);

  @Override
  public boolean hasRoom() {
    return room;
  }

  @Override
  public void pulled(byte[] body, long nextOffset) {
    if (sinkFails) {
      throw new IllegalStateException("the sink fails, as the test wants");
    }
    pulledUpTo.add(nextOffset);
  }

  @Override
  public long done() {
    return -1;
  }

  @Override
  public void moved(long nextOffset) {
    moved.add(nextOffset);
  }

  private void answer(int pull, ResponseCode code, long next) {
    answers
        .get(pull)
        .complete(FakeNetwork.answer(code, new PullResponseHeader(0, next, 0, 100), new byte[0]));
  }

  @Test
  void shouldGoOnBehindWhatItFound() {
    // given
    puller.begin(3);

    // when
    answer(0, ResponseCode.SUCCESS, 7);
    answer(1, ResponseCode.PULL_RETRY_IMMEDIATELY, 9);

    // then
    assertThat(asked).containsExactly(3L, 7L, 9L);
    assertThat(pulledUpTo).containsExactly(7L, 9L);
  }

  @Test
  void shouldAskAgainAtOnceAfterALongWaitInVain() {
    // given
    puller.begin(3);

    // when
    timer.advance(Duration.ofSeconds(15));
    answer(0, ResponseCode.PULL_NOT_FOUND, 3);

    // then
    assertThat(asked).containsExactly(3L, 3L);
  }

  @Test
  void shouldNotHurryABrokerThatDoesNotKeepPulls() {
    // given
    puller.begin(3);

    // when
    answer(0, ResponseCode.PULL_NOT_FOUND, 3);
    int atOnce = asked.size();
    timer.advance(Duration.ofMillis(20));

    // then
    assertThat(atOnce).isEqualTo(1);
    assertThat(asked).hasSize(2);
  }

  @Test
  void shouldGoWhereTheQueueIs() {
    // given
    puller.begin(3);

    // when
    answer(0, ResponseCode.PULL_OFFSET_MOVED, 50);

    // then
    assertThat(moved).containsExactly(50L);
    assertThat(asked).containsExactly(3L, 50L);
  }

  @Test
  void shouldWaitForRoom() {
    // given
    room = false;
    puller.begin(3);
    assertThat(asked).isEmpty();

    // when
    room = true;
    puller.wake();
    puller.wake();

    // then
    assertThat(asked).containsExactly(3L);
  }

  @ParameterizedTest
  @EnumSource(
      value = ResponseCode.class,
      names = {"SYSTEM_ERROR", "TOPIC_NOT_EXIST", "SUBSCRIPTION_NOT_EXIST"})
  void shouldPauseLongerAndLongerWhileItIsRefused(ResponseCode code) {
    // given
    puller.begin(3);
    answers.get(0).complete(FakeNetwork.refused(code));

    // when
    timer.advance(Duration.ofMillis(199));
    int early = asked.size();
    timer.advance(Duration.ofMillis(1));
    answers.get(1).complete(FakeNetwork.refused(code));
    timer.advance(Duration.ofMillis(399));
    int stillEarly = asked.size();
    timer.advance(Duration.ofMillis(1));

    // then
    assertThat(early).isEqualTo(1);
    assertThat(stillEarly).isEqualTo(2);
    assertThat(asked).containsExactly(3L, 3L, 3L);
  }

  @Test
  void shouldPauseAfterALostPullAndAfterAnAnswerThatCannotBeRead() {
    // given
    puller.begin(3);

    // when
    answers.get(0).completeExceptionally(new IllegalStateException("lost"));
    timer.advance(Duration.ofMillis(200));
    answers.get(1).complete(FakeNetwork.ok(WireHeader.NONE));
    timer.advance(Duration.ofMillis(400));

    // then
    assertThat(asked).containsExactly(3L, 3L, 3L);
    assertThat(pulledUpTo).isEmpty();
  }

  @Test
  void shouldForgetWhatAPullBeforeASeekBrings() {
    // given
    puller.begin(3);

    // when
    puller.seek(20, () -> {});
    answer(0, ResponseCode.SUCCESS, 7);
    answer(1, ResponseCode.SUCCESS, 25);

    // then
    assertThat(asked).containsExactly(3L, 20L, 25L);
    assertThat(pulledUpTo).containsExactly(25L);
  }

  @Test
  void shouldPullNoMoreOnceStopped() {
    // given
    puller.begin(3);

    // when
    puller.stop();
    answer(0, ResponseCode.SUCCESS, 7);
    puller.wake();

    // then
    assertThat(asked).containsExactly(3L);
    assertThat(pulledUpTo).isEmpty();
  }

  /** Nobody else would ever pull from this queue again. */
  @Test
  void shouldPullAgainAfterAnAnswerThatCouldNotBeTaken() {
    // given
    puller.begin(3);
    sinkFails = true;
    answer(0, ResponseCode.SUCCESS, 7);

    // when
    sinkFails = false;
    timer.advance(Duration.ofSeconds(30));
    answer(1, ResponseCode.SUCCESS, 7);

    // then
    assertThat(asked).startsWith(3L, 3L, 7L);
    assertThat(pulledUpTo).containsExactly(7L);
  }

  @Test
  void shouldPullAgainAfterAPullThatCouldNotBeSent() {
    // given
    asking = false;
    puller.begin(3);

    // when
    asking = true;
    timer.advance(Duration.ofSeconds(30));
    answers
        .get(0)
        .complete(FakeNetwork.answer(
            ResponseCode.SUCCESS, new PullResponseHeader(0, 7, 0, 100), new byte[0]));

    // then
    assertThat(asked).startsWith(3L, 3L, 7L);
  }
}
