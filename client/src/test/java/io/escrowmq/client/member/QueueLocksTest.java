package io.escrowmq.client.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class QueueLocksTest {

  private static final TopicQueue FIRST = new TopicQueue("orders", "a", 0);
  private static final TopicQueue SECOND = new TopicQueue("orders", "a", 1);

  private final ManualTimer timer = new ManualTimer();
  private final Set<MessageQueue> othersHold = new HashSet<>();
  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.LOCK_BATCH_MQ, sent -> {
        List<MessageQueue> asked = new ArrayList<>(QueueLock.read(sent.body()).queues());
        asked.removeAll(othersHold);
        return FakeNetwork.ok(WireHeader.NONE, new LockedQueues(asked).toBytes());
      });
  private final Routes routes = new FakeRoutes(network).with("orders", 2, "a").routes(timer);
  private final List<TopicQueue> gained = new ArrayList<>();
  private final List<TopicQueue> lost = new ArrayList<>();
  private final QueueLocks locks = new QueueLocks(
      network, timer, routes, "stock", "me", Duration.ofSeconds(3), gained::add, lost::add);

  @BeforeEach
  void start() {
    routes.find("orders");
    locks.start();
  }

  @Test
  void shouldHoldWhatTheBrokerConfirms() {
    // when
    locks.want(FIRST);
    boolean early = locks.isHeld(FIRST);
    timer.advance(Duration.ZERO);

    // then
    assertThat(early).isFalse();
    assertThat(locks.isHeld(FIRST)).isTrue();
    assertThat(locks.isHeld(SECOND)).isFalse();
    assertThat(gained).containsExactly(FIRST);
  }

  @Test
  void shouldAskAgainSoonForWhatAnotherStillHolds() {
    // given
    othersHold.add(QueueLocks.wire(SECOND));
    locks.want(FIRST);
    locks.want(SECOND);
    timer.advance(Duration.ZERO);

    // when
    othersHold.clear();
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(gained).containsExactly(FIRST, SECOND);
  }

  @Test
  void shouldRenewSilently() {
    // given
    locks.want(FIRST);

    // when
    timer.advance(Duration.ofMinutes(2));

    // then
    assertThat(locks.isHeld(FIRST)).isTrue();
    assertThat(gained).containsExactly(FIRST);
    assertThat(lost).isEmpty();
  }

  @Test
  void shouldNoticeThatALockIsGone() {
    // given
    locks.want(FIRST);
    timer.advance(Duration.ZERO);

    // when
    othersHold.add(QueueLocks.wire(FIRST));
    timer.advance(Duration.ofSeconds(10));

    // then
    assertThat(locks.isHeld(FIRST)).isFalse();
    assertThat(lost).containsExactly(FIRST);
  }

  @Test
  void shouldNotBelieveInALockThatNobodyConfirms() {
    // given
    locks.want(FIRST);
    timer.advance(Duration.ZERO);

    // when
    network.down("a:1");
    timer.advance(Duration.ofSeconds(29));
    boolean before = locks.isHeld(FIRST);
    timer.advance(Duration.ofSeconds(2));
    boolean after = locks.isHeld(FIRST);
    network.up("a:1");
    timer.advance(Duration.ofSeconds(1));

    // then
    assertThat(before).isTrue();
    assertThat(after).isFalse();
    assertThat(gained)
        .as("again: others may have handled it meanwhile")
        .containsExactly(FIRST, FIRST);
  }

  @Test
  void shouldGiveFree() {
    // given
    locks.want(FIRST);
    timer.advance(Duration.ZERO);

    // when
    locks.release(FIRST);
    timer.advance(Duration.ofSeconds(10));

    // then
    assertThat(QueueLock.read(network.last(RequestCode.UNLOCK_BATCH_MQ).body()).queues())
        .containsExactly(QueueLocks.wire(FIRST));
    assertThat(network.sent(RequestCode.LOCK_BATCH_MQ)).hasSize(1);
    assertThat(locks.isHeld(FIRST)).isFalse();
  }
}
