package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitBoundTest {

  private static final int MOST = 65_536;

  private final WaitBound waits = new WaitBound(MOST);
  private int bound = MOST;
  private long tick = 5_000;

  @Test
  void shouldLetAsManyWaitAsAreTakenInAFifthOfASecond() {
    turn(0, 30_000, 0);

    for (int i = 0; i < 10; i++) {
      turn(1_000, 30_000, 10);
    }

    assertThat(bound).isEqualTo(20_000);
  }

  @Test
  void shouldLetSomeThousandsWaitForASecond() {
    turn(0, 30_000, 0);
    turn(500, 30_000, 100);
    assertThat(bound).isEqualTo(5_000);

    turn(1_000, 30_000, 100);

    assertThat(bound).isEqualTo(WaitBound.SOME);
  }

  @Test
  void shouldLetTheInboxFillWhileFewWait() {
    for (int i = 0; i < 100; i++) {
      turn(1, WaitBound.FEW - 1, 10);
    }

    assertThat(bound).isEqualTo(MOST);
    assertThat(waits.isCrowded()).isFalse();
  }

  @Test
  void shouldBeCrowdedWhenMoreThanAFewHaveWaitedForASample() {
    turn(0, WaitBound.FEW, 0);
    turn(500, WaitBound.FEW, 99);
    boolean before = waits.isCrowded();

    turn(500, WaitBound.FEW, 1);
    boolean then = waits.isCrowded();
    turn(500, WaitBound.FEW - 1, 1);

    assertThat(before).isFalse();
    assertThat(then).isTrue();
    assertThat(waits.isCrowded()).isFalse();
  }

  @Test
  void shouldLetFewWaitWhileNothingIsTaken() {
    turn(0, MOST, 0);

    turn(0, MOST, 10_000);

    assertThat(bound).isEqualTo(WaitBound.FEW);
  }

  @Test
  void shouldLetNoMoreWaitThanTheInboxHolds() {
    turn(0, MOST, 0);

    turn(50_000, MOST, 100);

    assertThat(bound).isEqualTo(MOST);
  }

  @Test
  void shouldForgetAHangingDiskAsSoonAsFewWait() {
    turn(0, MOST, 0);
    turn(0, MOST, 10_000);

    turn(WaitBound.FEW, WaitBound.FEW - 1, 1);

    assertThat(bound).isEqualTo(MOST);
  }

  @Test
  void shouldNotTakeOneSlowSyncForThePace() {
    turn(0, 30_000, 0);
    turn(10_000, 30_000, 100);
    assertThat(bound).isEqualTo(20_000);

    turn(0, 30_000, 100);

    assertThat(bound).isEqualTo(15_000);
  }

  @Test
  void shouldForgetAPaceThatIsLongGone() {
    turn(0, 30_000, 0);
    turn(10_000, 30_000, 100);

    turn(0, 30_000, 2_000);

    assertThat(bound).isEqualTo(WaitBound.FEW);
  }

  private void turn(int moved, int waiting, long laterMillis) {
    tick += laterMillis;
    bound = waits.after(moved, waiting, tick);
  }
}
