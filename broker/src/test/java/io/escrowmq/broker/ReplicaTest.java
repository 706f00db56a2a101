package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.FlushMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replicas of one broker that find out among themselves who leads, on a real network. */
class ReplicaTest {

  @TempDir
  private Path directory;

  private ReplicaGroup group;

  @AfterEach
  void close() {
    group.close();
  }

  @Test
  void shouldLeadAloneWhenOneReplicaIsEnough() {
    // given
    group = new ReplicaGroup(directory, 1, FlushMode.SYNC);
    group.start(1);
    List<String> sent = group.send("alone", 20);

    // when
    group.stop(1);
    group.start(1);

    // then
    assertThat(group.pulled(group.awaitLeader())).isEqualTo(sent);
    sent.addAll(group.send("again", 3));
    assertThat(group.pulled(group.awaitLeader())).isEqualTo(sent);
    assertThat(group.failures).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldGoOnWithAllThatWasAcknowledged(FlushMode flush) {
    // given
    group = new ReplicaGroup(directory, 2, flush);
    for (int number = 1; number <= 3; number++) {
      group.start(number);
    }
    List<String> sent = new ArrayList<>(group.send("round 0", 5));

    // when: each leader goes once, and comes again
    for (int round = 1; round <= 2; round++) {
      int leader = group.awaitLeader();
      group.stop(leader);
      sent.addAll(group.send("round " + round, 5));
      group.start(leader);
      sent.addAll(group.send("and " + round, 5));
    }

    // then
    group.expectFound(sent);
    assertThat(group.failures).isEmpty();
  }

  @Test
  void shouldAcknowledgeNothingWhenNoFollowerIsLeft() {
    // given
    group = new ReplicaGroup(directory, 2, FlushMode.ASYNC);
    group.start(1);
    group.start(2);
    List<String> sent = group.send("of two", 3);
    int leader = group.awaitLeader();
    int follower = 3 - leader;

    // when
    group.stop(follower);
    Answer refused = await()
        .atMost(BrokerCalls.PATIENCE)
        .until(
            () -> group.send(leader, "alone 0"),
            answer ->
                !answer.isOk() && String.valueOf(answer.remark()).contains("[UNDER-REPLICATED]"));

    // then
    assertThat(refused.code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE.number());
    assertThat(group.pulled(leader)).isEqualTo(sent);

    // when
    group.start(follower);

    // then
    List<String> later = group.send("of two again", 3);
    sent.addAll(later);
    group.expectFound(sent);
  }

  @Test
  void shouldCopyAfterAFirstStartThatWasCutShort() {
    // given: a directory for the log, and nothing in it
    group = new ReplicaGroup(directory, 2, FlushMode.SYNC);
    group.start(1);
    group.disk(2).createDirectories(Path.of("/data/log"));

    // when
    group.start(2);

    // then
    List<String> sent = group.send("of two", 3);
    group.expectFound(sent);
    assertThat(group.failures).isEmpty();
  }

  @Test
  void shouldGoOnWhileTheControllerIsAway() {
    // given
    group = new ReplicaGroup(directory, 2, FlushMode.ASYNC);
    group.start(1);
    group.start(2);
    List<String> sent = group.send("before", 3);
    int leader = group.awaitLeader();

    // when
    group.restartController();
    sent.addAll(group.send("after", 3));
    group.stop(leader);

    // then: with one replica nothing is acknowledged, and what was acknowledged is there again
    group.start(leader);
    sent.addAll(group.send("at last", 3));
    group.expectFound(sent);
    assertThat(group.failures).isEmpty();
  }
}
