package io.escrowmq.replication;

import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Elect;
import io.escrowmq.replication.Command.ElectUnclean;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Remove;
import io.escrowmq.replication.Command.SetMinInSync;
import io.escrowmq.replication.Refusal.Reason;
import io.escrowmq.replication.Ruling.Accepted;
import io.escrowmq.replication.Ruling.Refused;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a cluster, and the rules by which they change. Immutable: {@link #rule} judges a command, {@link
 * #with} has the state that follows from it. The same commands in the same order give the same book everywhere.
 *
 * @param cluster the name that the controller got when it was made
 */
public record GroupBook(String cluster, SortedMap<String, GroupState> groups) {

  public GroupBook {
    groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    Limits.text("the name of the cluster", cluster, Limits.MOST_NAME);
    Limits.range("the number of groups", groups.size(), 0, Limits.MOST_GROUPS);
    for (Map.Entry<String, GroupState> group : groups.entrySet()) {
      GroupState state = group.getValue();
      if (!state.name().equals(group.getKey()) || !state.cluster().equals(cluster)) {
        throw new IllegalArgumentException("group \"" + group.getKey() + "\" of cluster " + cluster
            + " has the state of \"" + state.name() + "\" of cluster " + state.cluster());
      }
    }
  }

  /** A controller that was never used. */
  public static GroupBook empty(String cluster) {
    return new GroupBook(cluster, new TreeMap<>());
  }

  public @Nullable GroupState group(String name) {
    return groups.get(name);
  }

  /** This book with another state of one group. */
  public GroupBook with(GroupState state) {
    SortedMap<String, GroupState> changed = new TreeMap<>(groups);
    changed.put(state.name(), state);
    return new GroupBook(cluster, changed);
  }

  /** Judges; changes nothing. */
  public Ruling rule(Command command) {
    GroupState group = groups.get(command.group());
    if (command instanceof Hello hello) {
      return new HelloRules(this).rule(hello, group);
    }
    if (group == null) {
      return new Refused(
          new Refusal(
              Reason.UNKNOWN_GROUP,
              "there is no group \"" + command.group()
                  + "\"; it begins when its first replica says hello"),
          null);
    }
    if (command instanceof AlterInSync alter) {
      return alter(alter, group);
    }
    if (command instanceof Elect elect) {
      return Election.rule(elect, group);
    }
    if (command instanceof ElectUnclean unclean) {
      return Election.rule(unclean, group);
    }
    if (command instanceof Remove remove) {
      return remove(remove, group);
    }
    return least((SetMinInSync) command, group);
  }

  static Refused refused(GroupState group, Reason reason, String text) {
    return new Refused(new Refusal(reason, "group \"" + group.name() + "\": " + text), group);
  }

  private static Ruling alter(AlterInSync alter, GroupState group) {
    if (alter.epoch() != group.epoch() || !group.isLedBy(alter.leader())) {
      return refused(
          group,
          Reason.OLD_EPOCH,
          "replica " + alter.leader() + " does not lead it in epoch " + alter.epoch()
              + "; in epoch " + group.epoch() + " it is led by " + group.leader());
    }
    if (alter.version() != group.version()) {
      return refused(
          group,
          Reason.OLD_VERSION,
          "the in-sync set was changed on top of version " + alter.version() + ", version "
              + group.version() + " is the last one; ask again on top of it");
    }
    SortedMap<Integer, Member> members = new TreeMap<>(group.members());
    for (Map.Entry<Integer, Long> replica : alter.replicas().entrySet()) {
      Member member = members.get(replica.getKey());
      if (member == null) {
        return refused(
            group, Reason.UNKNOWN_REPLICA, "replica " + replica.getKey() + " is no member of it");
      }
      if (group.inSync().contains(member.id())) {
        continue;
      }
      if (member.incarnation() != replica.getValue()) {
        return refused(
            group,
            Reason.OLD_INCARNATION,
            "incarnation " + replica.getValue() + " of replica " + member.id()
                + " shall be in sync, but " + member.incarnation() + " is the last one");
      }
      members.put(member.id(), member.withoutFlag());
    }
    if (!alter.replicas().containsKey(alter.leader().replica())) {
      return refused(
          group, Reason.LIMIT, "a set without its leader " + alter.leader() + " cannot be in sync");
    }
    if (alter.replicas().keySet().equals(group.inSync().replicas())) {
      return new Accepted(group);
    }
    return new Accepted(group.next(
        group.leadership(),
        group.inSync().become(alter.replicas().keySet()),
        members,
        group.highestId()));
  }

  private static Ruling remove(Remove remove, GroupState group) {
    int replica = remove.replica();
    if (group.isRemoved(replica)) {
      return new Accepted(group);
    }
    if (group.member(replica) == null) {
      return refused(
          group,
          Reason.UNKNOWN_REPLICA,
          "there is no replica " + replica + ", only " + group.members().keySet());
    }
    if (group.inSync().contains(replica)) {
      return refused(
          group,
          Reason.LIMIT,
          "replica " + replica
              + " is in sync; end its process first, and wait until the leader goes on without it");
    }
    int left = group.members().size() - 1;
    if (left < group.inSync().least()) {
      return refused(
          group,
          Reason.LIMIT,
          "without replica " + replica + " there are " + left + ", and min-in-sync is "
              + group.inSync().least() + "; add a replica, or lower min-in-sync first");
    }
    SortedMap<Integer, Member> members = new TreeMap<>(group.members());
    members.remove(replica);
    return new Accepted(group.next(
        group.leadership(), group.inSync().withoutEligible(replica), members, group.highestId()));
  }

  // With a version of its own: no leader changes the set under a number that it does not know.
  private static Ruling least(SetMinInSync set, GroupState group) {
    int members = group.members().size();
    if (set.least() < 1 || set.least() > members) {
      return refused(
          group,
          Reason.LIMIT,
          "min-in-sync cannot be " + set.least() + ": it has " + members + " replicas, 1 to "
              + members + " can be in sync");
    }
    if (set.least() == group.inSync().least()) {
      return new Accepted(group);
    }
    return new Accepted(group.next(group.leadership(), group.inSync().withLeast(set.least())));
  }
}
