package io.escrowmq.replication;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A broker as a group of replicas: who belongs to it, who leads, who is in sync. Immutable; each change is a new
 * state with the next version, so "based on version 7" says everything that the asker knew.
 *
 * @param cluster the controller's own name; a replica of another cluster is refused by it
 * @param name the broker's name
 * @param highestId the last number that was given to a replica; numbers are never given twice
 */
public record GroupState(
    String cluster,
    String name,
    long version,
    Leadership leadership,
    InSyncSet inSync,
    SortedMap<Integer, Member> members,
    int highestId) {

  public GroupState {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    Limits.text("the name of the cluster", cluster, Limits.MOST_NAME);
    Limits.text("the name of the broker", name, Limits.MOST_NAME);
    Limits.range("the version", version, 1, Long.MAX_VALUE);
    Limits.range("the number of replicas", members.size(), 1, Limits.MOST_REPLICAS);
    Limits.range(
        "the highest number of a replica", highestId, members.lastKey(), Integer.MAX_VALUE);
    Set<Integer> ids = members.keySet();
    if (!ids.containsAll(inSync.replicas()) || !ids.containsAll(inSync.eligible())) {
      throw new IllegalArgumentException("in sync " + inSync.replicas() + ", eligible "
          + inSync.eligible() + ": not all of them are members " + ids);
    }
    Incarnation leader = leadership.leader();
    if (leader != null && !inSync.contains(leader.replica())) {
      throw new IllegalArgumentException(
          "the leader " + leader + " is not in sync " + inSync.replicas());
    }
  }

  public int epoch() {
    return leadership.epoch();
  }

  /** Null when nobody leads. */
  public @Nullable Incarnation leader() {
    return leadership.leader();
  }

  public boolean isLedBy(Incarnation one) {
    return one.equals(leadership.leader());
  }

  public @Nullable Member member(int replica) {
    return members.get(replica);
  }

  /** The member that lives in this directory; null when there is none. */
  public @Nullable Member memberIn(String directory) {
    return members.values().stream()
        .filter(member -> member.directory().equals(directory))
        .findAny()
        .orElse(null);
  }

  public boolean isFlagged(int replica) {
    Member member = members.get(replica);
    return member != null && member.isFlagged();
  }

  /** Whether this number was given out and taken back. */
  public boolean isRemoved(int replica) {
    return replica >= 1 && replica <= highestId && !members.containsKey(replica);
  }

  /** The highest kind of record that every replica can apply. */
  public int newestKindOfAll() {
    return members.values().stream().mapToInt(Member::newestKind).min().orElseThrow();
  }

  GroupState next(Leadership newLeadership, InSyncSet newInSync) {
    return next(newLeadership, newInSync, members, highestId);
  }

  GroupState next(
      Leadership newLeadership,
      InSyncSet newInSync,
      SortedMap<Integer, Member> newMembers,
      int newHighestId) {
    return new GroupState(
        cluster, name, version + 1, newLeadership, newInSync, newMembers, newHighestId);
  }

  SortedMap<Integer, Member> membersWith(Member member) {
    SortedMap<Integer, Member> changed = new TreeMap<>(members);
    changed.put(member.id(), member);
    return changed;
  }
}
