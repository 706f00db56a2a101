package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InboxTest {

  private static final int A_TURN = 1_024;

  private final ManualClock clock = new ManualClock(5_000);
  private final Inbox inbox = new Inbox(65_536, 1L << 30);

  private long unsettled;

  @Test
  void shouldTakeABurstThoughAnotherOneWasLongAgo() {
    // given: a burst that is settled turn by turn
    offer(3 * A_TURN);
    for (int i = 0; i < 3; i++) {
      turn();
      settle();
    }
    assertThat(inbox.size()).isZero();

    // when // then
    expectThatABurstIsTakenMinutesLater();
  }

  @Test
  void shouldTakeABurstThoughNobodyHadATurnSinceAnotherOneWasSettled() {
    // given: a burst that one sync settles
    offer(3 * A_TURN);
    for (int i = 0; i < 3; i++) {
      turn();
    }
    settle();
    assertThat(inbox.size()).isZero();

    // when // then
    expectThatABurstIsTakenMinutesLater();
  }

  private void expectThatABurstIsTakenMinutesLater() {
    clock.advance(300_000);
    offer(3 * A_TURN);
    turn();
    assertThat(inbox.isBusy()).isFalse();
    offer(10 * A_TURN);
  }

  @Test
  void shouldForgetADiskThatHungWhenAllIsSettledAndABurstComes() {
    // given: a sync that hangs, so that few may wait, and then is done
    offer(20 * A_TURN);
    turn();
    clock.advance(20_000);
    turn();
    assertThat(inbox.isBusy()).isTrue();
    while (!inbox.isEmpty()) {
      turn();
    }
    settle();

    // when
    clock.advance(300_000);
    offer(1);
    turn();

    // then
    offer(10 * A_TURN);
  }

  @Test
  void shouldRefuseNewMessagesWhileManyAreUnsettledForLong() {
    offer(3 * A_TURN);
    turn();
    clock.advance(20_000);
    turn();

    assertThat(inbox.isBusy()).isTrue();
  }

  private void offer(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(inbox.offer(new InnerProposal(recorder -> {}, () -> {}))).isTrue();
    }
  }

  private void turn() {
    int moved = 0;
    for (Proposal next = inbox.poll(); next != null; next = moved < A_TURN ? inbox.poll() : null) {
      unsettled += Inbox.load(next);
      moved++;
    }
    inbox.taken(moved, clock.ticker());
  }

  private void settle() {
    inbox.giveBack(unsettled);
    unsettled = 0;
  }
}
