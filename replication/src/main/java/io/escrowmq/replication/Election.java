package io.escrowmq.replication;

import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Elect;
import io.escrowmq.replication.Command.ElectUnclean;
import io.escrowmq.replication.Leadership.AcceptedLoss;
import io.escrowmq.replication.Refusal.Reason;
import io.escrowmq.replication.Ruling.Accepted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who leads next: somebody who has everything that was committed. All in-sync replicas have it. While the set is too
 * small to commit anything, the eligible ones have it, too. A flagged replica may lack some, so it waits for the others,
 * whether they are alive or not.
 */
final class Election {

  private final GroupState group;
  private final Map<Integer, LogEnd> alive = new HashMap<>();

  private Election(GroupState group, Collection<Candidate> candidates) {
    this.group = group;
    for (Candidate candidate : candidates) {
      Member member = group.member(candidate.incarnation().replica());
      if (member != null && member.incarnation() == candidate.incarnation().number()) {
        alive.put(member.id(), candidate.log());
      }
    }
  }

  static Ruling rule(Elect elect, GroupState group) {
    Ruling late = refusalOfLateOne(elect.epoch(), group);
    if (late != null) {
      return late;
    }
    Incarnation leader = group.leader();
    Election election = new Election(group, elect.alive());
    boolean isLed = leader != null && election.alive.containsKey(leader.replica());
    if (isLed && elect.cause() == Cause.SESSION_OVER) {
      return GroupBook.refused(
          group, Reason.LEADER_ALIVE, "its leader " + leader + " was heard of");
    }
    List<Integer> able = new ArrayList<>(election.able());
    if (leader != null) {
      able.remove((Integer) leader.replica());
    }
    if (elect.to() != 0) {
      able.retainAll(List.of(elect.to()));
    }
    return able.isEmpty()
        ? election.nobody(elect)
        : new Accepted(election.won(Collections.max(able, election.order())));
  }

  static Ruling rule(ElectUnclean unclean, GroupState group) {
    Ruling late = refusalOfLateOne(unclean.epoch(), group);
    if (late != null) {
      return late;
    }
    Election election = new Election(group, List.of(unclean.candidate()));
    Incarnation chosen = unclean.candidate().incarnation();
    if (!election.alive.containsKey(chosen.replica())) {
      return GroupBook.refused(
          group,
          Reason.NO_CANDIDATE,
          "replica " + chosen.replica() + " was not heard of; start it first");
    }
    int epoch = election.nextEpoch();
    return new Accepted(group.next(
        new Leadership(epoch, chosen, new AcceptedLoss(epoch, chosen.replica(), unclean.order())),
        new InSyncSet(
            InSyncSet.sorted(List.of(chosen.replica())),
            Collections.emptySortedSet(),
            group.inSync().least()),
        group.membersWith(election.memberOf(chosen.replica()).withoutFlag()),
        group.highestId()));
  }

  private static @Nullable Ruling refusalOfLateOne(int epoch, GroupState group) {
    return epoch == group.epoch()
        ? null
        : GroupBook.refused(
            group,
            Reason.OLD_EPOCH,
            "epoch " + epoch + " is over, epoch " + group.epoch()
                + " has begun; look at its state again");
  }

  /** Those alive that surely have everything; if nobody can surely have it, the one that has most. */
  private Set<Integer> able() {
    Set<Integer> able = sound(group.inSync().replicas());
    if (able.isEmpty()) {
      able = sound(group.inSync().eligible());
    }
    if (!able.isEmpty()) {
      return able;
    }
    SortedSet<Integer> all = new TreeSet<>(group.inSync().replicas());
    all.addAll(group.inSync().eligible());
    if (!all.stream().allMatch(group::isFlagged)) {
      return Set.of();
    }
    int longest = Collections.max(all, order());
    return alive.containsKey(longest) ? Set.of(longest) : Set.of();
  }

  private Set<Integer> sound(Set<Integer> replicas) {
    Set<Integer> sound = new HashSet<>(replicas);
    sound.retainAll(alive.keySet());
    sound.removeIf(group::isFlagged);
    return sound;
  }

  private Comparator<Integer> order() {
    return Comparator.comparing(this::end)
        .thenComparing(replica -> memberOf(replica).profile().priority())
        .thenComparing(Comparator.reverseOrder());
  }

  private LogEnd end(int replica) {
    LogEnd now = alive.get(replica);
    return now == null ? memberOf(replica).log() : now;
  }

  private Member memberOf(int replica) {
    Member member = group.member(replica);
    if (member == null) {
      throw new IllegalStateException("replica " + replica + " is no member of " + group.name());
    }
    return member;
  }

  private GroupState won(int replica) {
    Member member = memberOf(replica);
    SortedSet<Integer> next = new TreeSet<>(group.inSync().replicas());
    next.retainAll(alive.keySet());
    next.add(replica);
    return group.next(
        group.leadership().begin(nextEpoch(), member.current()),
        group.inSync().become(next),
        group.membersWith(member.withoutFlag()), // from here on its log is the one to have
        group.highestId());
  }

  private int nextEpoch() {
    int highest = group.epoch();
    for (Member member : group.members().values()) {
      highest =
          Math.max(highest, Math.max(member.log().epoch(), end(member.id()).epoch()));
    }
    return highest + 1;
  }

  private Ruling nobody(Elect elect) {
    SortedSet<Integer> wanted = new TreeSet<>(group.inSync().replicas());
    wanted.addAll(group.inSync().eligible());
    SortedSet<Integer> flagged = new TreeSet<>(wanted);
    flagged.removeIf(replica -> !group.isFlagged(replica));
    String who = elect.to() == 0 ? "nobody" : "replica " + elect.to();
    return GroupBook.refused(
        group,
        Reason.NO_CANDIDATE,
        who + " can lead without a loss: in sync are " + group.inSync().replicas()
            + ", eligible " + group.inSync().eligible() + ", of these may have lost something "
            + flagged + ", heard of are " + new TreeSet<>(alive.keySet())
            + "; start one of " + wanted + " that has lost nothing");
  }
}
