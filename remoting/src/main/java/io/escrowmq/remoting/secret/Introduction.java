package io.escrowmq.remoting.secret;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.secret.ReplicaSecret.Challenges;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.Chance;

/**
 * The side that calls: makes a listener prove that it knows the secret, then proves the same to it. The counterpart of
 * {@link Greetings}. For one connection at a time: a new connection is greeted anew. One owner.
 */
public final class Introduction {

  private final ReplicaSecret secret;
  private final Chance chance;
  private final Side self;
  private final Side other;
  private final String group;
  private final int replica;
  private String challenge = ""; // of the last greeting; empty before the first one

  /**
   * @param group the broker's name
   * @param replica the number of this side
   */
  public Introduction(
      ReplicaSecret secret, Chance chance, Side self, Side other, String group, int replica) {
    if (self == other) {
      throw new IllegalArgumentException(
          "both sides are " + self + ": one could send the other's proof back to it");
    }
    this.secret = secret;
    this.chance = chance;
    this.self = self;
    this.other = other;
    this.group = group;
    this.replica = replica;
  }

  /** Challenges the listener; answers to earlier greetings prove nothing any more. */
  public Request greet() {
    challenge = Challenge.next(chance);
    return Request.of(RequestCode.GREET_REPLICA, new GreetReplicaHeader(group, replica, challenge));
  }

  /** Whether the answer to the last greeting comes from a listener that knows the secret. */
  public boolean isProven(GreetReplicaResponseHeader answer) {
    return Challenge.isOne(challenge)
        && Challenge.isOne(answer.challenge())
        && secret.isProof(answer.proof(), other, challenges(answer));
  }

  /** What the listener wants to hear. Only for an answer that is proven. */
  public Request prove(GreetReplicaResponseHeader answer) {
    return prove(answer, 1);
  }

  /** The same, from one of several openings of a replica's directory. */
  public Request prove(GreetReplicaResponseHeader answer, long incarnation) {
    return Request.of(
        RequestCode.PROVE_REPLICA,
        new ProveReplicaHeader(secret.proof(self, challenges(answer)), incarnation));
  }

  private Challenges challenges(GreetReplicaResponseHeader answer) {
    return new Challenges(group, replica, challenge, answer.challenge());
  }
}
