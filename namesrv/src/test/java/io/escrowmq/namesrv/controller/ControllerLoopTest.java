package io.escrowmq.namesrv.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.namesrv.controller.ControllerRequest.Beat;
import io.escrowmq.namesrv.controller.ControllerRequest.Election;
import io.escrowmq.namesrv.controller.ControllerRequest.Order;
import io.escrowmq.namesrv.controller.ControllerRequest.UncleanElection;
import io.escrowmq.namesrv.kv.MemoryKvFile;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.Command.Remove;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Profile;
import io.escrowmq.replication.Refusal.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ControllerLoopTest {

  private static final String GROUP = "broker-a";

  private final MemoryKvFile file = new MemoryKvFile();
  private final List<Incarnation> running = new ArrayList<>();
  private long nowMillis = 10_000;
  private ControllerLoop loop = open();

  private ControllerLoop open() {
    return new ControllerLoop(
        () -> nowMillis, FileConsensus.open(file, () -> "cluster-1"), () -> {});
  }

  @Test
  void shouldElectWhoeverIsInSyncWhenTheLeaderIsSilentForTwoSeconds() {
    // given
    startThree();
    assertThat(state().leader()).isEqualTo(new Incarnation(1, 1));
    int epoch = state().epoch();

    // when
    running.remove(new Incarnation(1, 1));
    pass(1_900);
    assertThat(state().epoch()).isEqualTo(epoch);
    pass(300);

    // then
    assertThat(state().leader()).isEqualTo(new Incarnation(2, 1));
    assertThat(state().epoch()).isEqualTo(epoch + 1);
    assertThat(state().inSync().replicas()).containsExactly(2, 3);
  }

  @Test
  void shouldGoOnFromItsFileAndHoldSilenceAgainstNobodyAtFirst() {
    // given
    startThree();
    GroupState before = state();

    // when: a leader that comes back late, as it may have waited for the controller
    loop = open();
    List<Incarnation> all = List.copyOf(running);
    running.clear();
    pass(1_500);
    running.addAll(all);
    pass(5_000);

    // then
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void shouldHoldSilenceAgainstNobodyAfterItStoodStillItself() {
    // given
    startThree();
    int epoch = state().epoch();

    // when
    nowMillis += 60_000;
    loop.turn();
    pass(5_000);

    // then
    assertThat(state().epoch()).isEqualTo(epoch);
    assertThat(state().leader()).isEqualTo(new Incarnation(1, 1));
  }

  @Test
  void shouldTellTheStateToThoseWhoKnowAnOlderOne() {
    startThree();
    Beat beat = new Beat(GROUP, new Incarnation(2, 1), new LogEnd(1, 5), state().version());

    assertThat(ask(beat)).isInstanceOf(ControllerAnswer.NothingNew.class);
    Beat late = new Beat(GROUP, beat.incarnation(), beat.log(), state().version() - 1);
    assertThat(ask(late)).isEqualTo(new ControllerAnswer.Now(state()));
    assertRefused(new Beat(GROUP, new Incarnation(2, 7), beat.log(), 0), Reason.OLD_INCARNATION);
    assertRefused(new Beat(GROUP, new Incarnation(9, 1), beat.log(), 0), Reason.UNKNOWN_REPLICA);
    assertRefused(new Beat("broker-b", beat.incarnation(), beat.log(), 0), Reason.UNKNOWN_GROUP);
  }

  @Test
  void shouldHandOverToWhoIsAliveAndLoseNothingOfIt() {
    startThree();

    ask(new Election(GROUP, -1, Cause.OPERATOR, 3));

    assertThat(state().leader()).isEqualTo(new Incarnation(3, 1));
    assertThat(state().inSync().replicas()).containsExactly(1, 2, 3);
    running.remove(new Incarnation(2, 1));
    pass(2_100);
    assertRefused(new Election(GROUP, -1, Cause.OPERATOR, 2), Reason.NO_CANDIDATE);
    assertRefused(new UncleanElection(GROUP, 2, "ops"), Reason.NO_CANDIDATE);
  }

  @Test
  void shouldWaitForTheOnlyOneThatHasEverything() {
    // given
    startThree();
    alter(1);
    alter(1, 2);
    running.remove(new Incarnation(1, 1));
    running.remove(new Incarnation(2, 1));
    pass(4_000);

    // then
    assertThat(state().leader())
        .isEqualTo(new Incarnation(1, 1)); // nobody else was given the epoch
    ask(new UncleanElection(GROUP, 3, "ops accepts what follows 100"));
    assertThat(state().leader()).isEqualTo(new Incarnation(3, 1));
  }

  @Test
  void shouldChangeNothingThatItCannotKeep() {
    // given
    startThree();
    GroupState before = state();
    file.isFull = true;

    // when
    ControllerAnswer answer = ask(new Order(hello(2, 2)));
    running.remove(new Incarnation(1, 1));
    pass(3_000);

    // then
    assertThat(answer).isInstanceOf(ControllerAnswer.Failed.class);
    assertThat(state()).isEqualTo(before);
    file.isFull = false;
    pass(200);
    assertThat(state().epoch()).isGreaterThan(before.epoch());
  }

  @Test
  void shouldWriteItsFileOnlyWhenSomethingChanges() {
    startThree();
    int written = file.replaced;

    pass(60_000);
    ask(new Order(hello(2, 1)));
    assertRefused(new Order(new Remove(GROUP, 9)), Reason.UNKNOWN_REPLICA);

    assertThat(file.replaced).isEqualTo(written);
  }

  @Test
  void shouldRefuseADamagedFile() {
    startThree();
    byte[] content = file.content;
    assertThat(content).isNotNull();
    content[content.length / 2] ^= 1;

    assertThatThrownBy(this::open)
        .isInstanceOf(ConsensusException.class)
        .hasMessageContaining("checksum")
        .hasMessageContaining("put back");
  }

  // Steps

  private void startThree() {
    for (int replica = 1; replica <= 3; replica++) {
      ask(new Order(hello(replica, 1)));
      running.add(new Incarnation(replica, 1));
    }
    pass(2_200);
    alter(1, 2, 3);
  }

  private Hello hello(int replica, long incarnation) {
    GroupState group = loop.book().group(GROUP);
    boolean isKnown = group != null && group.member(replica) != null;
    return new Hello(
        GROUP,
        isKnown ? "cluster-1" : "",
        isKnown ? replica : 0,
        "directory-" + replica,
        incarnation,
        new Profile("client-" + replica + ":1", "replica-" + replica + ":2", "", 100),
        new Opening(new LogEnd(0, 0), OptionalLong.empty(), 12),
        2);
  }

  private void alter(int... replicas) {
    TreeMap<Integer, Long> set = new TreeMap<>();
    for (int replica : replicas) {
      set.put(replica, 1L);
    }
    Incarnation leader = state().leader();
    assertThat(leader).isNotNull();
    assertThat(ask(
            new Order(new AlterInSync(GROUP, leader, state().epoch(), state().version(), set))))
        .isInstanceOf(ControllerAnswer.Now.class);
  }

  /** Those that run send their heartbeats, and the loop turns. */
  private void pass(long millis) {
    for (long end = nowMillis + millis; nowMillis < end; ) {
      nowMillis += 100;
      for (Incarnation replica : running) {
        ask(new Beat(GROUP, replica, new LogEnd(1, 100), Long.MAX_VALUE));
      }
      loop.turn();
    }
  }

  private ControllerAnswer ask(ControllerRequest request) {
    List<ControllerAnswer> answers = new ArrayList<>();
    assertThat(loop.submit(request, answers::add)).isTrue();
    loop.turn();
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  private void assertRefused(ControllerRequest request, Reason reason) {
    assertThat(ask(request))
        .isInstanceOfSatisfying(
            ControllerAnswer.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
  }

  private GroupState state() {
    GroupState state = loop.book().group(GROUP);
    assertThat(state).isNotNull();
    return state;
  }
}
