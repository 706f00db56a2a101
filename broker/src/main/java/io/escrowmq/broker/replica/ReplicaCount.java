package io.escrowmq.broker.replica;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.replication.Incarnation;
import org.jspecify.annotations.Nullable;

/** Counts which replicas have how much of a log that is led here. Any thread. */
public interface ReplicaCount {

  /**
   * A follower, whose log was found to be the beginning of the one that is led, asks for what follows.
   *
   * @param from where its log ends
   * @param safe up to where it vouches for it
   */
  void asks(Incarnation follower, long from, long safe);

  /** The connection of a follower is gone. */
  void isGone(Incarnation follower);

  /** Why new messages would wait in vain; null while enough replicas are in step. */
  @Nullable
  Refusal shortage();
}
