package io.escrowmq.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Cause;
import org.junit.jupiter.api.Test;

final class InSyncTest {

  private static final Incarnation SECOND = new Incarnation(2, 1);
  private static final Incarnation THIRD = new Incarnation(3, 1);

  private final Groups groups = Groups.ofThree(2);
  private long now = 1_000;

  private InSync lead(long start) {
    InSync inSync =
        new InSync(groups.state(), new Incarnation(1, 1), start, 0, InSyncTiming.DEFAULT, now);
    inSync.wrote(start, start);
    return inSync;
  }

  @Test
  void shouldCommitWhatTheWholeSetHas() {
    InSync inSync = lead(100);
    inSync.wrote(300, 250);

    assertThat(inSync.acknowledged(SECOND, 1, 90, now)).isTrue();
    assertThat(inSync.acknowledged(THIRD, 1, 300, now)).isTrue();
    assertThat(inSync.committed()).isZero(); // the epoch's first record is not
    inSync.acknowledged(SECOND, 1, 200, now);
    assertThat(inSync.committed()).isEqualTo(200);
    assertThat(inSync.isStarted()).isTrue();
    inSync.acknowledged(SECOND, 1, 300, now);
    assertThat(inSync.committed()).isEqualTo(250); // its own disk
    inSync.acknowledged(SECOND, 1, 120, now);
    assertThat(inSync.committed()).isEqualTo(250);
  }

  @Test
  void shouldNotCountOtherEpochsIncarnationsAndPositions() {
    InSync inSync = lead(100);

    assertThat(inSync.acknowledged(SECOND, 2, 100, now)).isFalse();
    assertThat(inSync.acknowledged(new Incarnation(9, 1), 1, 100, now)).isFalse();
    assertThat(inSync.acknowledged(SECOND, 1, 101, now)).isFalse();
    assertThat(inSync.acknowledged(new Incarnation(2, 2), 1, 50, now)).isTrue();
    assertThat(inSync.acknowledged(SECOND, 1, 100, now)).isFalse();
    assertThat(inSync.acknowledgedBy(2)).isEqualTo(50);
  }

  @Test
  void shouldCountNothingThatAReplicaAcknowledgedBeforeItStartedAgain() {
    InSync inSync = lead(100);
    inSync.acknowledged(SECOND, 1, 100, now);
    inSync.heard(groups.restart(2, 2), now);

    assertThat(inSync.acknowledgedBy(2)).isEqualTo(-1);
    inSync.acknowledged(new Incarnation(2, 2), 1, 60, now);
    assertThat(inSync.acknowledgedBy(2)).isEqualTo(60);
  }

  @Test
  void shouldDropAndTakeBackOneThatLags() {
    // given
    InSync inSync = lead(100);
    inSync.acknowledged(SECOND, 1, 100, now);
    inSync.acknowledged(THIRD, 1, 100, now);
    assertThat(inSync.propose(now)).isNull();

    // when: the third one is silent
    now += 2_001;
    inSync.wrote(200, 200);
    inSync.acknowledged(SECOND, 1, 200, now);
    AlterInSync shrink = inSync.propose(now);

    // then: it counts until the version has moved
    assertThat(shrink).isNotNull();
    assertThat(shrink.replicas()).containsOnlyKeys(1, 2);
    assertThat(inSync.committed()).isEqualTo(100);
    assertThat(inSync.propose(now + 60_000)).isSameAs(shrink);
    inSync.heard(groups.accept(shrink), now);
    assertThat(inSync.committed()).isEqualTo(200);

    // and: back when it has reached the end that the leader had
    inSync.wrote(300, 300);
    inSync.acknowledged(THIRD, 1, 150, now);
    assertThat(inSync.propose(now)).isNull();
    inSync.acknowledged(THIRD, 1, 300, now);
    AlterInSync grow = inSync.propose(now);
    assertThat(grow).isNotNull();
    assertThat(grow.replicas()).containsOnlyKeys(1, 2, 3);

    // and: a proposed set counts, whether it was accepted or not
    inSync.wrote(400, 400);
    inSync.acknowledged(SECOND, 1, 400, now);
    assertThat(inSync.committed()).isEqualTo(300);
  }

  @Test
  void shouldDropOneWithoutAConnectionSooner() {
    InSync inSync = lead(100);
    inSync.acknowledged(SECOND, 1, 100, now);
    inSync.acknowledged(THIRD, 1, 100, now);
    inSync.disconnected(THIRD, now);

    assertThat(inSync.propose(now + 500)).isNull();
    AlterInSync shrink = inSync.propose(now + 501);
    assertThat(shrink).isNotNull();
    assertThat(shrink.replicas()).containsOnlyKeys(1, 2);
  }

  @Test
  void shouldCommitNothingWithTooSmallASet() {
    InSync inSync = lead(100);
    AlterInSync alone = groups.alteration(1);
    inSync.heard(groups.accept(alone), now);

    assertThat(inSync.isThin()).isTrue();
    assertThat(inSync.committed()).isZero();
  }

  @Test
  void shouldDropOneThatMayHaveLostSomethingAtOnce() {
    InSync inSync = lead(100);
    inSync.acknowledged(SECOND, 1, 100, now);
    inSync.heard(groups.restartWithLoss(3, 2, 50), now);

    AlterInSync shrink = inSync.propose(now);

    assertThat(shrink).isNotNull();
    assertThat(shrink.replicas()).containsOnlyKeys(1, 2);
  }

  @Test
  void shouldCommitNothingOnceAnotherOneLeads() {
    InSync inSync = lead(100);
    inSync.acknowledged(SECOND, 1, 100, now);
    GroupState next = groups.elect(Cause.SESSION_OVER, 0, groups.alive(2, 3));

    assertThat(inSync.heard(next, now)).isFalse();
    inSync.acknowledged(THIRD, 1, 100, now);
    assertThat(inSync.committed()).isZero();
    assertThat(inSync.propose(now)).isNull();
  }
}
