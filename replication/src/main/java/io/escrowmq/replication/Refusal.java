package io.escrowmq.replication;

/**
 * Why a command changed nothing.
 *
 * @param text names the value, the limit and the way out
 */
public record Refusal(Reason reason, String text) {

  /** What the asker has to do follows from it. */
  public enum Reason {
    /** There is no such group here. */
    UNKNOWN_GROUP,
    /** The replica belongs to another cluster. */
    OTHER_CLUSTER,
    /** The number belongs to another directory, or the directory has been in another group. */
    OTHER_DIRECTORY,
    /** There is no such replica in the group, or not any more. */
    UNKNOWN_REPLICA,
    /** A later opening of the same replica is known. */
    OLD_INCARNATION,
    /** Another epoch, or another leader: the asker leads no more. */
    OLD_EPOCH,
    /** The state has changed since; ask again on top of the new one. */
    OLD_VERSION,
    /** The group has a leader, and it was heard of. */
    LEADER_ALIVE,
    /** Nobody who could lead without a loss is there. */
    NO_CANDIDATE,
    /** It would leave too few replicas, or there are too many. */
    LIMIT
  }
}
