package io.escrowmq.broker.replica;

import io.escrowmq.replication.Incarnation;

/** What a leader knows of a connection that has proven to be a follower's. Owner: the event loop; the waiting fetch is anybody's. */
final class Peer {

  private final Incarnation incarnation;
  private boolean agrees;
  private volatile boolean isWaiting;

  Peer(Incarnation incarnation) {
    this.incarnation = incarnation;
  }

  Incarnation incarnation() {
    return incarnation;
  }

  int replica() {
    return incarnation.replica();
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
