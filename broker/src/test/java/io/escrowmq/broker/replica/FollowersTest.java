package io.escrowmq.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowersTest {

  @Test
  void shouldWaitForNobodyWhenOneReplicaIsEnough() {
    Followers followers = new Followers(1);
    assertThat(followers.committed()).isEqualTo(Long.MAX_VALUE);
    assertThat(followers.isThin(0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7})
  void shouldCommitWhatTheLeastNumberOfFollowersHave(int replicas) {
    Random random = new Random(replicas);
    for (int round = 0; round < 500; round++) {
      // given
      Followers followers = new Followers(replicas);
      long[] safe = random.longs(random.nextInt(9), 0, 1_000).toArray();

      // when
      for (int i = 0; i < safe.length; i++) {
        followers.asks(i + 1, 1_000, safe[i], 1_000, 0);
      }

      // then
      long committed = followers.committed();
      long have = Arrays.stream(safe).filter(one -> one >= committed).count();
      long haveMore = Arrays.stream(safe).filter(one -> one > committed).count();
      if (safe.length < replicas - 1) {
        assertThat(committed).as("round %s", round).isZero();
      } else {
        assertThat(have).as("round %s", round).isGreaterThanOrEqualTo(replicas - 1);
        assertThat(haveMore).as("round %s", round).isLessThan(replicas - 1);
      }
    }
  }

  @Test
  void shouldCountAFollowerOnce() {
    Followers followers = new Followers(3);
    followers.asks(1, 100, 100, 100, 0);
    followers.asks(1, 100, 100, 100, 0);
    assertThat(followers.committed()).isZero();
  }

  @Test
  void shouldCountOnAFollowerThatReachesTheEndInTime() {
    // given
    Followers followers = new Followers(2);
    assertThat(followers.isThin(0)).isTrue();

    // when: it is at the end that the leader had when it asked before
    followers.asks(1, 100, 100, 150, 1_000);
    followers.asks(1, 150, 150, 900, 1_500);

    // then
    assertThat(followers.isThin(1_500 + Followers.LAG_MILLIS)).isFalse();
    assertThat(followers.isThin(1_501 + Followers.LAG_MILLIS)).isTrue();

    // when: it asks, and falls behind
    followers.asks(1, 160, 160, 2_000, 3_400);
    assertThat(followers.isThin(3_501)).isTrue();
    followers.asks(1, 2_000, 2_000, 2_000, 3_600);

    // then
    assertThat(followers.isThin(3_600)).isFalse();
  }
}
