package io.escrowmq.broker.connected;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueLocksTest {

  private static final QueueLocks.Queue QUEUE = new QueueLocks.Queue("T", 0);

  private final QueueLocks locks = new QueueLocks();

  @Test
  void shouldGiveFreeQueueToTheFirstAndRefuseTheSecond() {
    assertThat(locks.lock("g", QUEUE, "a", 0)).isTrue();
    assertThat(locks.lock("g", QUEUE, "b", 0)).isFalse();
    assertThat(locks.lock("g", new QueueLocks.Queue("T", 1), "b", 0)).isTrue();
    assertThat(locks.lock("h", QUEUE, "b", 0)).isTrue();
  }

  @Test
  void shouldKeepQueueWithItsHolderWhileItIsRenewed() {
    // given
    locks.lock("g", QUEUE, "a", 0);

    // when
    boolean renewed = locks.lock("g", QUEUE, "a", 50_000);

    // then
    assertThat(renewed).isTrue();
    assertThat(locks.lock("g", QUEUE, "b", 110_000)).isFalse();
  }

  @Test
  void shouldFreeQueueThatWasNotRenewedForAMinute() {
    // given
    locks.lock("g", QUEUE, "a", 0);

    // then
    assertThat(locks.lock("g", QUEUE, "b", 60_000)).isFalse();
    assertThat(locks.isAnyHeld("g", 60_000)).isTrue();
    assertThat(locks.isAnyHeld("g", 60_001)).isFalse();
    assertThat(locks.lock("g", QUEUE, "b", 60_001)).isTrue();
  }

  @Test
  void shouldLetOnlyTheHolderUnlock() {
    // given
    locks.lock("g", QUEUE, "a", 0);

    // when
    locks.unlock("g", QUEUE, "b");

    // then
    assertThat(locks.lock("g", QUEUE, "b", 1)).isFalse();
    locks.unlock("g", QUEUE, "a");
    assertThat(locks.lock("g", QUEUE, "b", 1)).isTrue();
  }

  @Test
  void shouldForgetExpiredLocks() {
    // given
    locks.lock("g", QUEUE, "a", 0);

    // when
    locks.dropExpired(70_000);

    // then
    assertThat(locks.isAnyHeld("g", 0)).isFalse();
  }

  @Test
  void shouldFreeAllThatAClientOfTheGroupHeldWhenItLeaves() {
    // given
    locks.lock("g", QUEUE, "a", 0);
    locks.lock("g", new QueueLocks.Queue("T", 1), "b", 0);
    locks.lock("h", QUEUE, "a", 0);

    // when
    locks.leaves("g", "a", 0);

    // then
    assertThat(locks.lock("g", QUEUE, "c", 0)).isTrue();
    assertThat(locks.lock("g", new QueueLocks.Queue("T", 1), "c", 0)).isFalse();
    assertThat(locks.lock("h", QUEUE, "c", 0)).isFalse();
  }

  @Test
  void shouldRefuseTheLateRenewalOfAClientThatHasLeftUntilItReturns() {
    // given
    locks.lock("g", QUEUE, "a", 0);
    locks.leaves("g", "a", 0);

    // when
    boolean late = locks.lock("g", QUEUE, "a", 300);

    // then
    assertThat(late).isFalse();
    assertThat(locks.lock("h", QUEUE, "a", 300)).as("in another group").isTrue();
    locks.returns("g", "a");
    assertThat(locks.lock("g", QUEUE, "a", 400)).isTrue();
  }

  @Test
  void shouldForgetAfterAMinuteWhoLeft() {
    // given
    locks.leaves("g", "a", 0);

    // when
    locks.dropExpired(60_000);
    boolean within = locks.lock("g", QUEUE, "a", 60_000);
    locks.dropExpired(60_001);

    // then
    assertThat(within).isFalse();
    assertThat(locks.lock("g", QUEUE, "a", 60_001)).isTrue();
  }
}
