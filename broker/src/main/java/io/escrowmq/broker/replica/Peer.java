package io.escrowmq.broker.replica;

import io.escrowmq.broker.replica.ReplicaSecret.Challenges;

/** What a leader knows of one connection. Owner: the event loop; the waiting fetch is anybody's. */
final class Peer {

  private final Challenges challenges;
  private boolean isSpent;
  private boolean isReplica;
  private boolean agrees;
  private volatile boolean isWaiting;

  Peer(Challenges challenges) {
    this.challenges = challenges;
  }

  Challenges challenges() {
    return challenges;
  }

  /** Whether a proof was made of its challenges already: each is good for one. */
  boolean isSpent() {
    return isSpent;
  }

  void spend() {
    isSpent = true;
  }

  /** Whether it has proven that it knows the secret. */
  boolean isReplica() {
    return isReplica;
  }

  void proven() {
    isReplica = true;
  }

  /** Whether its log was found to be the beginning of this one; what it takes from here stays so. */
  boolean agrees() {
    return agrees;
  }

  void found(boolean doesAgree) {
    agrees = doesAgree;
  }

  /** Whether a fetch of it has not been answered yet. */
  boolean isWaiting() {
    return isWaiting;
  }

  void waits(boolean does) {
    isWaiting = does;
  }
}
