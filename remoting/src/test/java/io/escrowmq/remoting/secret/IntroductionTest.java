package io.escrowmq.remoting.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.Chance;
import io.escrowmq.runtime.TestMachine;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class IntroductionTest {

  private static final Chance CHANCE = TestMachine.REAL.chance();
  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of these two".getBytes(UTF_8));

  private final FakeConnection connection = new FakeConnection();
  private final Greetings leader = new Greetings(SECRET, CHANCE, Side.LEADER, Side.FOLLOWER);
  private final Introduction follower =
      new Introduction(SECRET, CHANCE, Side.FOLLOWER, Side.LEADER, "broker-a", 1);

  @Test
  void shouldProveToEachSideThatTheOtherKnowsTheSecret() {
    GreetReplicaResponseHeader answer = answer(leader, follower.greet());

    assertThat(follower.isProven(answer)).isTrue();
    assertThat(leader.isProven(connection)).isFalse();
    assertThat(leader.prove(connection, proof(follower.prove(answer)))).isTrue();
    assertThat(leader.replica(connection)).isEqualTo(1);
  }

  @Test
  void shouldNotBelieveAnAnswerToAnEarlierGreeting() {
    // given
    GreetReplicaResponseHeader recorded = answer(leader, follower.greet());
    assertThat(follower.isProven(recorded)).isTrue();

    // when
    follower.greet();

    // then
    assertThat(follower.isProven(recorded)).isFalse();
  }

  @Test
  void shouldNotBelieveItsOwnProofWhenItComesBack() {
    // given: what it would prove to a listener with this challenge
    Request greeting = follower.greet();
    String challenge = ((GreetReplicaHeader) greeting.header()).challenge();
    GreetReplicaResponseHeader asked = new GreetReplicaResponseHeader(challenge, "");

    // when
    String own = proof(follower.prove(asked)).proof();

    // then
    assertThat(follower.isProven(new GreetReplicaResponseHeader(challenge, own)))
        .isFalse();
  }

  @Test
  void shouldNotBelieveAnotherSideGroupReplicaOrSecret() {
    ReplicaSecret other = new ReplicaSecret("another secret of 24 bytes".getBytes(UTF_8));
    Request greeting = follower.greet();

    assertThat(follower.isProven(answer(greetings(SECRET, Side.CONTROLLER), greeting)))
        .isFalse();
    assertThat(follower.isProven(answer(greetings(SECRET, Side.FOLLOWER), greeting)))
        .isFalse();
    assertThat(follower.isProven(answer(greetings(other, Side.LEADER), greeting)))
        .isFalse();
    String challenge = ((GreetReplicaHeader) greeting.header()).challenge();
    Request ofOtherGroup = greeting(new GreetReplicaHeader("broker-b", 1, challenge));
    Request ofOtherReplica = greeting(new GreetReplicaHeader("broker-a", 2, challenge));
    assertThat(follower.isProven(answer(leader, ofOtherGroup))).isFalse();
    assertThat(follower.isProven(answer(leader, ofOtherReplica))).isFalse();
    assertThat(follower.isProven(answer(leader, greeting))).isTrue();
  }

  @Test
  void shouldBelieveNobodyBeforeItHasAsked() {
    // given: a listener that would answer an empty challenge, too
    String proof =
        SECRET.proof(Side.LEADER, new ReplicaSecret.Challenges("broker-a", 1, "", "0".repeat(32)));

    assertThat(follower.isProven(new GreetReplicaResponseHeader("0".repeat(32), proof)))
        .isFalse();
  }

  @Test
  void shouldTellTheSidesApart() {
    assertThatThrownBy(
            () -> new Introduction(SECRET, CHANCE, Side.MEMBER, Side.MEMBER, "broker-a", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MEMBER");
  }

  private static Greetings greetings(ReplicaSecret secret, Side server) {
    return new Greetings(
        secret, CHANCE, server, server == Side.FOLLOWER ? Side.LEADER : Side.FOLLOWER);
  }

  private GreetReplicaResponseHeader answer(Greetings listener, Request greeting) {
    return Objects.requireNonNull(
        listener.greet(connection, (GreetReplicaHeader) greeting.header()));
  }

  private static Request greeting(GreetReplicaHeader header) {
    return Request.of(RequestCode.GREET_REPLICA, header);
  }

  private static ProveReplicaHeader proof(Request request) {
    return (ProveReplicaHeader) request.header();
  }
}
