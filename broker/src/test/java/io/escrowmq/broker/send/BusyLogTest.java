package io.escrowmq.broker.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Rights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under overload new messages are refused first, and before they have cost anything. */
class BusyLogTest {

  private static final int KEPT_FOR_MESSAGES = TestLog.MOST_WAITING - TestLog.MOST_WAITING / 8;

  private static final int SOME = 8_192;

  private final TestLog broker = new TestLog();
  private final Traffic traffic = new Traffic();
  private final List<String> outcomes = new ArrayList<>();

  @BeforeEach
  void createTopic() {
    broker.createTopic("orders", 1);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldTakeTheLastMessageThatThereIsRoomFor() {
    // given
    fill(KEPT_FOR_MESSAGES - 1);

    // when
    sends().one(request(wholeBody()), outcome());
    broker.settle();

    // then
    assertThat(outcomes).containsExactly("stored");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRefuseTheNextBeforeItIsLookedAt(boolean batch) {
    // given
    fill(KEPT_FOR_MESSAGES);
    ByteBuffer body = wholeBody();

    // when
    if (batch) {
      sends().batch(request(body), outcome());
    } else {
      sends().one(request(body), outcome());
    }

    // then
    assertThat(outcomes).containsExactly("InboxFull");
    assertThat(body.remaining()).isEqualTo(body.capacity());
    assertThat(traffic.sendsRefused()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldLetOnlySomeWaitUnderLastingOverload(int oneMore) {
    // given
    fill(13_000);
    broker.loop.turn();
    for (int i = 0; i < 5; i++) { // 1,024 each
      broker.clock.advance(20);
      broker.loop.turn();
    }
    fill(SOME - 1 + oneMore - broker.loop.waiting());

    // when
    sends().one(request(wholeBody()), outcome());
    broker.settle();

    // then
    assertThat(outcomes).containsExactly(oneMore == 1 ? "InboxFull" : "stored");
  }

  @Test
  void shouldCountWhatIsRefusedBeforeItIsRead() {
    // given
    fill(KEPT_FOR_MESSAGES - 1);
    Refusal before = sends().refusal();
    fill(1);

    // when
    Refusal then = sends().refusal();

    // then
    assertThat(before).isNull();
    assertThat(then).isInstanceOf(Refusal.InboxFull.class);
    assertThat(traffic.sendsRefused()).isOne();
  }

  @Test
  void shouldAnswerTheSameAsLongAsItIsNearlyTrue() {
    // given
    fill(KEPT_FOR_MESSAGES);
    SendHandler handler = new SendHandler(sends(), TestLog.STORE_HOST);
    Reply first = handler.refusal();

    // when
    fill(KEPT_FOR_MESSAGES / 16);
    Reply nearlyTrue = handler.refusal();
    fill(1);
    Reply other = handler.refusal();

    // then
    assertThat(first).isNotNull();
    assertThat(first.remark()).contains(KEPT_FOR_MESSAGES + " requests wait");
    assertThat(nearlyTrue).isSameAs(first);
    assertThat(other).isNotNull();
    assertThat(other.remark())
        .contains(KEPT_FOR_MESSAGES + KEPT_FOR_MESSAGES / 16 + 1 + " requests wait");
    assertThat(traffic.sendsRefused()).isEqualTo(3);
  }

  @Test
  void shouldKeepRoomForWhatEndsSomething() {
    // given
    fill(KEPT_FOR_MESSAGES);

    // when
    boolean taken = broker.loop.offer(new InnerProposal(recorder -> {}, () -> {}));

    // then
    assertThat(taken).isTrue();
  }

  @Test
  void shouldTakeMessagesAgainWhenItHasCaughtUp() {
    // given
    fill(KEPT_FOR_MESSAGES);
    sends().one(request(wholeBody()), outcome());
    broker.settle();

    // when
    sends().one(request(wholeBody()), outcome());
    broker.settle();

    // then
    assertThat(outcomes).containsExactly("InboxFull", "stored");
  }

  @Test
  void shouldSayOfAStoppedLogThatItIsStopped() {
    // given
    fill(KEPT_FOR_MESSAGES);
    broker.loop.offer(new InnerProposal(
        recorder -> {
          throw new IllegalStateException("no room left");
        },
        () -> {}));
    broker.log.fail("the disk is gone", new IllegalStateException("gone"));
    broker.settle();

    // when
    sends().one(request(wholeBody()), outcome());

    // then
    assertThat(outcomes).containsExactly("LogStopped");
  }

  private void fill(int proposals) {
    for (int i = 0; i < proposals; i++) {
      assertThat(broker.loop.offer(new InnerProposal(recorder -> {}, () -> {}))).isTrue();
    }
  }

  private Sends sends() {
    return new Sends(
        new SendSettings(
            TestLog.STORE_HOST, 64 * 1024, new Deduplication(Deduplication.Of.MARKED, 100, 9_000)),
        broker.topics,
        (group, times, most) -> ResendRule.Way.RETRY,
        broker.forge,
        new Sends.Doors(
            broker.intake, (sender, all, destination, queue, messages, isOnce, outcome) -> {
              throw new AssertionError("no half-message");
            }),
        broker.recentSends,
        traffic,
        broker.clock.surroundings());
  }

  private SendRequest request(ByteBuffer body) {
    return new SendRequest(
        new FakeConnection(50_000),
        "producers",
        "orders",
        0,
        "TBW102",
        4,
        body,
        "",
        0,
        0,
        broker.clock.millis(),
        0,
        -1,
        Rights.ALL);
  }

  private static ByteBuffer wholeBody() {
    return ByteBuffer.wrap(new byte[100]);
  }

  private MessageAppend.Outcome outcome() {
    return new MessageAppend.Outcome() {
      @Override
      public void stored(Receipt where) {
        outcomes.add("stored");
      }

      @Override
      public void refused(Refusal why) {
        outcomes.add(why.getClass().getSimpleName());
      }
    };
  }
}
