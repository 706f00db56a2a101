package io.escrowmq.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.ElectUnclean;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Remove;
import io.escrowmq.replication.Command.SetMinInSync;
import io.escrowmq.replication.Refusal.Reason;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GroupBookTest {

  @Test
  void shouldBeginAGroupWithItsFirstReplicaAndNumberTheOthers() {
    // when
    Groups groups = Groups.ofThree(2);

    // then
    assertThat(groups.state().members()).containsOnlyKeys(1, 2, 3);
    assertThat(groups.state().leader()).isEqualTo(new Incarnation(1, 1));
    assertThat(groups.state().epoch()).isOne();
    assertThat(groups.state().inSync().replicas()).containsExactly(1, 2, 3);
  }

  @Test
  void shouldChangeNothingByAHelloThatIsRepeated() {
    // given
    Groups groups = Groups.ofThree(2);
    GroupState before = groups.state();

    // then
    assertThat(groups.accept(groups.hello(1, 1, new LogEnd(0, 0), OptionalLong.empty(), 2)))
        .isEqualTo(before);
    Hello newcomer = groups.hello(4, 1, new LogEnd(0, 0), OptionalLong.empty(), 2);
    GroupState after = groups.accept(newcomer);
    assertThat(groups.accept(newcomer)).isEqualTo(after);
    assertThat(after.highestId()).isEqualTo(4);
  }

  @Test
  void shouldTakeTheEpochFromALeaderThatStartsAgain() {
    // given
    Groups groups = Groups.ofThree(2);

    // when
    GroupState state = groups.restart(1, 2);

    // then
    assertThat(state.leader()).isNull();
    assertThat(state.inSync().replicas()).containsExactly(1, 2, 3);
    assertThat(groups.elect(Cause.SESSION_OVER, 0, groups.alive(1, 2, 3)).epoch())
        .isGreaterThan(1);
  }

  @Test
  void shouldRefuseReplicasThatDoNotBelongHere() {
    Groups groups = Groups.ofThree(2);
    Hello hello = groups.hello(2, 2, new LogEnd(1, 100), OptionalLong.empty(), 2);

    groups.refuse(changed(hello, "cluster-2", 2, "directory-2", 2), Reason.OTHER_CLUSTER);
    groups.refuse(changed(hello, "cluster-1", 2, "directory-7", 2), Reason.OTHER_DIRECTORY);
    groups.refuse(changed(hello, "cluster-1", 7, "directory-7", 2), Reason.UNKNOWN_REPLICA);
    groups.refuse(
        changed(hello, "", 0, "directory-7", 1), Reason.OTHER_DIRECTORY); // its log is not empty
    groups.accept(hello);
    groups.refuse(changed(hello, "cluster-1", 2, "directory-2", 1), Reason.OLD_INCARNATION);
    groups.refuse(
        new Hello(
            hello.group(),
            hello.cluster(),
            2,
            hello.directory(),
            2,
            new Profile("other:1", "other:2", "", 100),
            hello.opening(),
            2),
        Reason.OLD_INCARNATION);
  }

  private static Hello changed(
      Hello hello, String cluster, int replica, String directory, long incarnation) {
    return new Hello(
        hello.group(),
        cluster,
        replica,
        directory,
        incarnation,
        hello.profile(),
        hello.opening(),
        hello.least());
  }

  @Test
  void shouldRefuseASetFromAnEarlierLeaderOrOnTopOfAnEarlierVersion() {
    // given
    Groups groups = Groups.ofThree(2);
    AlterInSync early = groups.alteration(1, 2);
    groups.restart(3, 2);
    groups.refuse(early, Reason.OLD_VERSION);
    AlterInSync old = groups.alteration(1, 2);

    // when
    groups.elect(Cause.SESSION_OVER, 0, groups.alive(2, 3));

    // then
    groups.refuse(old, Reason.OLD_EPOCH);
  }

  @Test
  void shouldTakeInOnlyTheIncarnationThatIsTheLastOne() {
    // given
    Groups groups = Groups.ofThree(2);
    groups.alter(1, 2);
    groups.restart(3, 5);

    // when
    TreeMap<Integer, Long> set = new TreeMap<>(groups.alteration(1, 2, 3).replicas());
    set.put(3, 4L);

    // then
    groups.refuse(
        new AlterInSync(Groups.NAME, new Incarnation(1, 1), 1, groups.state().version(), set),
        Reason.OLD_INCARNATION);
    assertThat(groups.alter(1, 2, 3).inSync().contains(3)).isTrue();
  }

  @Test
  void shouldKeepEligibleWhoLeftASetThatIsTooSmallUntilItIsLargeEnough() {
    // given
    Groups groups = Groups.ofThree(2);

    // then
    assertThat(groups.alter(1, 2).inSync().eligible()).isEmpty(); // 3 misses what these two commit
    assertThat(groups.alter(1).inSync().eligible()).containsExactly(2);
    assertThat(groups.alter(1, 3).inSync().eligible()).isEmpty();
    assertThat(groups.alter(1).inSync().eligible()).containsExactly(3);
    assertThat(groups.accept(new SetMinInSync(Groups.NAME, 1)).inSync().eligible())
        .isEmpty();
  }

  @Test
  void shouldElectAnEligibleReplicaWhenTheSetIsGone() {
    // given
    Groups groups = Groups.ofThree(2);
    groups.alter(1, 2);
    groups.alter(1);

    // when
    groups.refuse(groups.election(Cause.SESSION_OVER, 0, groups.alive(3)), Reason.NO_CANDIDATE);
    GroupState state = groups.elect(Cause.SESSION_OVER, 0, groups.alive(2, 3));

    // then
    assertThat(state.leader()).isEqualTo(new Incarnation(2, 1));
    assertThat(state.inSync().replicas()).containsExactly(2);
    assertThat(state.inSync().eligible()).containsExactly(1);
  }

  @Test
  void shouldElectTheLongestLogThenThePriorityThenTheLowestNumber() {
    Groups groups = Groups.ofThree(2);

    assertThat(groups
            .elect(
                Cause.SESSION_OVER,
                0,
                Groups.candidate(2, 1, 1, 900),
                Groups.candidate(3, 1, 2, 100))
            .leader())
        .isEqualTo(new Incarnation(3, 1));
    assertThat(groups.state().epoch()).isEqualTo(3);
    groups.restart(1, 2);
    groups.alter(1, 2, 3);
    assertThat(groups.elect(Cause.HAND_OVER, 0, groups.alive(1, 2, 3)).leader())
        .isEqualTo(new Incarnation(1, 2));
    assertThat(groups.state().inSync().replicas()).containsExactly(1, 2, 3);
  }

  @Test
  void shouldElectOnceForAnEpochAndNobodyWhileTheLeaderIsHeardOf() {
    Groups groups = Groups.ofThree(2);
    Command late = groups.election(Cause.SESSION_OVER, 0, groups.alive(2, 3));
    groups.refuse(groups.election(Cause.SESSION_OVER, 0, groups.alive(1, 2)), Reason.LEADER_ALIVE);

    groups.accept(late);

    groups.refuse(late, Reason.OLD_EPOCH);
  }

  @Test
  void shouldWaitForWhoHasLostNothing() {
    // given
    Groups groups = Groups.ofThree(2);
    groups.alter(1, 2);
    groups.restartWithLoss(2, 2, 50);

    // then: the leader 1 is dead and sound, so 2 must not lead
    groups.refuse(groups.election(Cause.SESSION_OVER, 0, groups.alive(2, 3)), Reason.NO_CANDIDATE);
    groups.restartWithLoss(1, 2, 70);
    groups.refuse(groups.election(Cause.SESSION_OVER, 0, groups.alive(2)), Reason.NO_CANDIDATE);
    GroupState state = groups.elect(Cause.SESSION_OVER, 0, groups.alive(1, 2));
    assertThat(state.leader()).isEqualTo(new Incarnation(1, 2));
    assertThat(state.isFlagged(1)).isFalse();
    assertThat(state.isFlagged(2)).isTrue();
  }

  @Test
  void shouldTakeAFlagFromOneThatIsTakenInAnewOnly() {
    // given
    Groups groups = Groups.ofThree(2);
    groups.restartWithLoss(3, 2, 50);
    assertThat(groups.restart(3, 3).isFlagged(3)).isTrue();

    // then
    assertThat(groups.alter(1, 3).isFlagged(3)).isTrue(); // it was in the set before
    assertThat(groups.alter(1).isFlagged(3)).isTrue();
    assertThat(groups.alter(1, 3).isFlagged(3)).isFalse();
  }

  @Test
  void shouldWriteDownWhoAcceptedALoss() {
    // given
    Groups groups = Groups.ofThree(2);
    groups.alter(1, 2);

    // when
    GroupState state = groups.accept(
        new ElectUnclean(Groups.NAME, 1, Groups.candidate(3, 1, 1, 10), "ops: what follows 10"));

    // then
    assertThat(state.leader()).isEqualTo(new Incarnation(3, 1));
    assertThat(state.inSync().replicas()).containsExactly(3);
    assertThat(state.inSync().eligible()).isEmpty();
    assertThat(state.leadership().acceptedLoss())
        .isEqualTo(new Leadership.AcceptedLoss(2, 3, "ops: what follows 10"));
  }

  @Test
  void shouldRemoveReplicasThatNothingDependsOnAndNeverGiveTheirNumberAgain() {
    // given
    Groups groups = Groups.ofThree(2);
    groups.refuse(new Remove(Groups.NAME, 3), Reason.LIMIT); // in sync
    groups.alter(1, 2);

    // when
    GroupState state = groups.accept(new Remove(Groups.NAME, 3));

    // then
    assertThat(groups.accept(new Remove(Groups.NAME, 3))).isEqualTo(state);
    groups.refuse(new Remove(Groups.NAME, 9), Reason.UNKNOWN_REPLICA);
    groups.refuse(new SetMinInSync(Groups.NAME, 3), Reason.LIMIT);
    assertThat(state.isRemoved(3)).isTrue();
    groups.accept(groups.hello(4, 1, new LogEnd(0, 0), OptionalLong.empty(), 2));
    assertThat(groups.state().members()).containsOnlyKeys(1, 2, 4);
  }

  @Test
  void shouldRefuseAReplicaOfAGroupThatTheControllerHasForgotten() {
    Hello hello = Groups.ofThree(2).hello(2, 2, new LogEnd(1, 1), OptionalLong.empty(), 2);

    Ruling ruling = GroupBook.empty("cluster-1").rule(hello);

    assertThat(ruling)
        .isInstanceOfSatisfying(
            Ruling.Refused.class,
            refused -> assertThat(refused.refusal().text()).contains("give it back its directory"));
  }
}
