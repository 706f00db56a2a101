package io.escrowmq.replication;

import io.escrowmq.replication.Command.AlterInSync;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A leader's arithmetic for one epoch: what is committed, and which in-sync set it wants. The caller brings positions
 * and time. Owner: the leader of that epoch, one thread at a time.
 *
 * <p>Committed is the smallest safe position in the set, and in each set that was proposed on top of it: the controller
 * may have accepted a proposal whose answer is still on its way. It never falls.
 */
public final class InSync {

  private final Incarnation self;
  private final int epoch;
  private final long
      start; // behind EPOCH_STARTED: what is not committed up to here is shown to nobody
  private final InSyncTiming timing;
  private final Map<Integer, Progress> followers = new HashMap<>();
  private GroupState state;
  private @Nullable AlterInSync proposal; // on top of the state, until the version has moved
  private boolean isDeposed;
  private long end; // of the leader's log
  private long safe; // what the leader's own disk vouches for
  private long committed;

  /**
   * @param state that names {@code self} as the leader
   * @param start the end of EPOCH_STARTED, the first record of the epoch
   * @param committed what was known to be committed before
   */
  public InSync(
      GroupState state,
      Incarnation self,
      long start,
      long committed,
      InSyncTiming timing,
      long nowMillis) {
    if (!state.isLedBy(self)) {
      throw new IllegalArgumentException("replica " + self + " does not lead group \""
          + state.name() + "\", but " + state.leader());
    }
    this.self = self;
    this.epoch = state.epoch();
    this.start = start;
    this.committed = committed;
    this.timing = timing;
    this.state = state;
    meet(nowMillis);
  }

  // Facts

  /**
   * The controller's state was heard. An older one changes nothing.
   *
   * @return whether this incarnation leads still; once it does not, nothing is committed here any more
   */
  public boolean heard(GroupState newer, long nowMillis) {
    if (isDeposed || newer.version() <= state.version()) {
      return !isDeposed;
    }
    if (newer.epoch() != epoch || !newer.isLedBy(self)) {
      isDeposed = true;
      return false;
    }
    state = newer;
    proposal = null; // it was accepted, or its version is gone for good
    meet(nowMillis);
    advance();
    return true;
  }

  /** The leader's own log: where it ends, and what its disk vouches for. */
  public void wrote(long newEnd, long newSafe) {
    end = newEnd;
    safe = newSafe;
    advance();
  }

  /**
   * A follower has everything before a position. The caller has compared its log with this one up to there, for each
   * acknowledgement or once for a connection that keeps their order: one that was sent before its log was cut, and
   * comes after, must not count.
   *
   * @return whether it counts: a member's, of this epoch, of its last incarnation, inside of this log
   */
  public boolean acknowledged(Incarnation follower, int inEpoch, long itsSafe, long nowMillis) {
    Progress progress = followers.get(follower.replica());
    if (inEpoch != epoch
        || progress == null
        || follower.number() < progress.incarnation()
        || itsSafe > end) {
      return false;
    }
    if (follower.number() > progress.incarnation()) {
      progress.become(follower.number());
    }
    progress.acknowledge(itsSafe, end, nowMillis);
    advance();
    return true;
  }

  /** A follower's connection is gone. */
  public void disconnected(Incarnation follower, long nowMillis) {
    Progress progress = followers.get(follower.replica());
    if (progress != null && progress.incarnation() == follower.number()) {
      progress.disconnected(nowMillis);
    }
  }

  // Questions

  /** Everything before it is on all replicas that count; it never falls. */
  public long committed() {
    return committed;
  }

  /** Whether the epoch's first record is committed: from now on clients may be served. */
  public boolean isStarted() {
    return committed >= start;
  }

  /** Whether too few are in sync to commit anything. */
  public boolean isThin() {
    return state.inSync().isThin();
  }

  public boolean isDeposed() {
    return isDeposed;
  }

  /** The last one that was heard of in this epoch. */
  public GroupState state() {
    return state;
  }

  /** What a follower has acknowledged in this epoch; -1 for nothing. */
  public long acknowledgedBy(int replica) {
    Progress progress = followers.get(replica);
    return progress == null ? -1 : progress.safe();
  }

  /** How long ago a follower last had all that the leader had. */
  public long lagMillis(int replica, long nowMillis) {
    Progress progress = followers.get(replica);
    return progress == null ? 0 : progress.lagMillis(nowMillis);
  }

  /**
   * What to ask the controller for; null when the set is as it should be. The same again until the version has moved:
   * whether it was accepted, nobody knows before. From now on it counts.
   */
  public @Nullable AlterInSync propose(long nowMillis) {
    if (isDeposed || proposal != null) {
      return isDeposed ? null : proposal;
    }
    SortedMap<Integer, Long> wanted = wanted(nowMillis);
    if (!wanted.keySet().equals(state.inSync().replicas())) {
      proposal = new AlterInSync(state.name(), self, epoch, state.version(), wanted);
    }
    return proposal;
  }

  private SortedMap<Integer, Long> wanted(long nowMillis) {
    SortedMap<Integer, Long> wanted = new TreeMap<>();
    wanted.put(self.replica(), self.number());
    for (Map.Entry<Integer, Progress> follower : followers.entrySet()) {
      int replica = follower.getKey();
      Progress progress = follower.getValue();
      boolean belongs = state.inSync().contains(replica)
          ? !state.isFlagged(replica)
          : hasEverything(replica, progress);
      if (belongs && progress.keepsUp(timing, nowMillis)) {
        wanted.put(replica, progress.incarnation());
      }
    }
    return wanted;
  }

  private boolean hasEverything(int replica, Progress progress) {
    Member member = state.member(replica);
    return member != null
        && member.incarnation() == progress.incarnation()
        && progress.isConnected()
        && progress.hasCaughtUp()
        && progress.safe() >= Math.max(committed, start);
  }

  /** Members come, go and start anew. */
  private void meet(long nowMillis) {
    followers.keySet().retainAll(state.members().keySet());
    for (Member member : state.members().values()) {
      if (member.id() == self.replica()) {
        continue;
      }
      Progress progress = followers.computeIfAbsent(
          member.id(), id -> new Progress(member.incarnation(), nowMillis));
      if (progress.incarnation() < member.incarnation()) {
        progress.become(member.incarnation());
      }
    }
  }

  private void advance() {
    if (isDeposed || state.inSync().isThin()) {
      return;
    }
    long least = safe;
    for (int replica : counting()) {
      if (replica != self.replica()) {
        least = Math.min(least, acknowledgedBy(replica));
      }
    }
    if (least >= start) {
      committed = Math.max(committed, least);
    }
  }

  /** The set, and what it may have become without our knowing. */
  private SortedSet<Integer> counting() {
    SortedSet<Integer> counting = new TreeSet<>(state.inSync().replicas());
    if (proposal != null) {
      counting.addAll(proposal.replicas().keySet());
    }
    return counting;
  }
}
