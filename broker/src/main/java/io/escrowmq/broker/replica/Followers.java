package io.escrowmq.broker.replica;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the followers of a leader have, as they say. With it, and with what the leader itself has, follows what is
 * committed: everything that the least number of replicas have. That they had it once is enough: a later word of
 * the same follower may be of a shorter log, when its machine lost power, but what was committed stays so.
 * Changed by the event loop of the replication port; the rest is for any thread.
 */
final class Followers {

  /** A follower that has not been at the leader's end for so long is not counted on for new messages. */
  static final long LAG_MILLIS = 2_000;

  private static final class Follower {
    private long safe;
    private long endThen; // the leader's, when it asked last
    private long inStepMillis = Long.MIN_VALUE;
  }

  private final int needed;
  private final Map<Integer, Follower> followers = new HashMap<>();
  private volatile long countedOnUntilMillis = Long.MIN_VALUE;

  /** @param replicas that must have something before it is committed, the leader one of them; 1 or more */
  Followers(int replicas) {
    this.needed = replicas - 1;
  }

  /**
   * A follower asks for what follows.
   *
   * @param from where its log ends
   * @param safe up to where it vouches for it
   * @param leaderEnd where the leader's log ends
   */
  void asks(int replica, long from, long safe, long leaderEnd, long nowMillis) {
    Follower follower = followers.computeIfAbsent(replica, number -> new Follower());
    follower.safe = safe;
    if (from >= follower.endThen) {
      follower.inStepMillis = nowMillis;
    }
    follower.endThen = leaderEnd;
    countedOnUntilMillis = needed == 0 ? Long.MAX_VALUE : largest(this::countedOnUntil);
  }

  private long countedOnUntil(Follower follower) {
    return follower.inStepMillis == Long.MIN_VALUE
        ? Long.MIN_VALUE
        : follower.inStepMillis + LAG_MILLIS;
  }

  /** Everything before it is on enough followers; 0 while there are not enough. */
  long committed() {
    return needed == 0 ? Long.MAX_VALUE : Math.max(0, largest(follower -> follower.safe));
  }

  /** Whether so few followers are in step that a new message would wait in vain. */
  boolean isThin(long nowMillis) {
    return needed > 0 && nowMillis > countedOnUntilMillis;
  }

  /** How many replicas are needed, the leader one of them. */
  int needed() {
    return needed + 1;
  }

  // What as many followers reach as are needed.
  private long largest(ToLongFunction<Follower> value) {
    if (followers.size() < needed) {
      return Long.MIN_VALUE;
    }
    long[] all = followers.values().stream().mapToLong(value).sorted().toArray();
    return all[all.length - needed];
  }
}
