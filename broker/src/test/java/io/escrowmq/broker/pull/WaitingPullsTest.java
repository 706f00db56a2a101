package io.escrowmq.broker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WaitingPullsTest {

  @AutoClose
  private final TestLog broker = new TestLog();

  private final List<Pull> triedAgain = new ArrayList<>();
  private final WaitingPulls waiting = new WaitingPulls(
      1,
      new QueueLook(broker.queues, broker.log, PullSettings.DEFAULT, broker.unreadable),
      this::deletions,
      triedAgain::add);

  private Runnable meanwhile = () -> {};

  private long deletions() {
    Runnable once = meanwhile;
    meanwhile = () -> {};
    once.run();
    return 0;
  }

  private static Pull pull(int port) {
    return new Pull(
        new PullHandler.Answer(new FakeCall(RequestCode.PULL_MESSAGE, new FakeConnection(port))),
        new QueueReader("group", "orders", 0),
        0,
        new PullLimits(32, 1 << 20),
        Subscription.parse("orders", "*", null, 0),
        true,
        Long.MAX_VALUE,
        0);
  }

  @Test
  void shouldTryAPullAgainWhosePlaceAnotherOneTookDuringATick() {
    // given
    Pull first = pull(1);
    Pull second = pull(2);
    assertThat(waiting.add(first)).isTrue();
    meanwhile = () -> assertThat(waiting.add(second)).isTrue();

    // when
    waiting.onTick(0);

    // then
    assertThat(triedAgain).containsExactly(first);
    assertThat(waiting.size()).isEqualTo(1);
  }

  @Test
  void shouldKeepNothingOfADeletedTopic() {
    // given
    Pull pull = pull(1);
    waiting.add(pull);

    // when
    waiting.end("orders");

    // then
    assertThat(triedAgain).containsExactly(pull);
    assertThat(waiting.queues()).isZero();
    assertThat(waiting.size()).isZero();
  }
}
