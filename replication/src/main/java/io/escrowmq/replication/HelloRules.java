package io.escrowmq.replication;

import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Refusal.Reason;
import io.escrowmq.replication.Ruling.Accepted;
import io.escrowmq.replication.Ruling.Refused;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What follows from a replica that has opened its directory. */
final class HelloRules {

  private final GroupBook book;

  HelloRules(GroupBook book) {
    this.book = book;
  }

  Ruling rule(Hello hello, @Nullable GroupState group) {
    if (!hello.cluster().isEmpty() && !hello.cluster().equals(book.cluster())) {
      return new Refused(
          new Refusal(
              Reason.OTHER_CLUSTER,
              "the directory belongs to cluster " + hello.cluster() + ", this is " + book.cluster()
                  + "; check the addresses of the controllers"),
          group);
    }
    if (group == null) {
      return first(hello);
    }
    Member known =
        hello.replica() == 0 ? group.memberIn(hello.directory()) : group.member(hello.replica());
    if (known != null) {
      return again(hello, group, known);
    }
    return hello.replica() == 0 ? newcomer(hello, group) : stranger(hello, group);
  }

  private Ruling first(Hello hello) {
    if (hello.replica() != 0) {
      return new Refused(
          new Refusal(
              Reason.UNKNOWN_GROUP,
              "the directory is that of replica " + hello.replica() + " of \"" + hello.group()
                  + "\", and the controller does not know such a group: its own state was lost or put back;"
                  + " give it back its directory"),
          null);
    }
    if (book.groups().size() >= Limits.MOST_GROUPS) {
      return new Refused(
          new Refusal(
              Reason.LIMIT,
              "there are " + book.groups().size() + " groups, no more than " + Limits.MOST_GROUPS
                  + " are kept; use another controller for \"" + hello.group() + "\""),
          null);
    }
    int id = 1;
    return new Accepted(new GroupState(
        book.cluster(),
        hello.group(),
        1,
        new Leadership(hello.opening().log().epoch(), null, null),
        new InSyncSet(new TreeSet<>(List.of(id)), Collections.emptySortedSet(), hello.least()),
        new TreeMap<>(Collections.singletonMap(id, member(id, hello, OptionalLong.empty()))),
        id));
  }

  private static Ruling newcomer(Hello hello, GroupState group) {
    LogEnd log = hello.opening().log();
    if (!log.isEmpty()) {
      return GroupBook.refused(
          group,
          Reason.OTHER_DIRECTORY,
          "a new replica begins with an empty directory, this one has a log that ends in epoch "
              + log.epoch() + " at " + log.position() + "; give it an empty store.dir");
    }
    if (group.members().size() >= Limits.MOST_REPLICAS) {
      return GroupBook.refused(
          group,
          Reason.LIMIT,
          "it has " + group.members().size() + " replicas, no more than " + Limits.MOST_REPLICAS
              + " are allowed; remove one that will not come back");
    }
    int id = group.highestId() + 1;
    SortedMap<Integer, Member> members = group.membersWith(member(id, hello, OptionalLong.empty()));
    return new Accepted(group.next(group.leadership(), group.inSync(), members, id));
  }

  private static Ruling stranger(Hello hello, GroupState group) {
    String text = group.isRemoved(hello.replica())
        ? " was removed; start it with an empty directory, and it becomes a new replica"
        : " was never a member of it; the controller's state is older than the directory";
    return GroupBook.refused(group, Reason.UNKNOWN_REPLICA, "replica " + hello.replica() + text);
  }

  private static Ruling again(Hello hello, GroupState group, Member known) {
    if (!known.directory().equals(hello.directory())) {
      return GroupBook.refused(
          group,
          Reason.OTHER_DIRECTORY,
          "replica " + known.id() + " lives in directory " + known.directory() + ", not in "
              + hello.directory() + "; start this one with an empty directory");
    }
    if (hello.incarnation() < known.incarnation()) {
      return GroupBook.refused(
          group,
          Reason.OLD_INCARNATION,
          "replica " + known.id() + " was opened for the " + known.incarnation()
              + "th time already, this is the " + hello.incarnation()
              + "th: the directory was put back from an old copy; start it with an empty directory");
    }
    Member member = member(known.id(), hello, known.lostFrom());
    if (hello.incarnation() == known.incarnation()) {
      return member.profile().equals(known.profile())
          ? new Accepted(group)
          : GroupBook.refused(
              group,
              Reason.OLD_INCARNATION,
              "replica " + known.id() + " runs at " + known.profile().replicationAddress()
                  + " already, with a directory of the same name; end one of the two");
    }
    Incarnation leader = group.leader();
    Leadership leadership = leader != null && leader.replica() == known.id()
        ? group.leadership().vacant()
        : group.leadership();
    return new Accepted(
        group.next(leadership, group.inSync(), group.membersWith(member), group.highestId()));
  }

  /** @param flag what is known already; only the leader that takes the replica in anew removes it */
  private static Member member(int id, Hello hello, OptionalLong flag) {
    OptionalLong now = hello.opening().lostFrom();
    OptionalLong lostFrom = now.isEmpty() || flag.isEmpty()
        ? (now.isEmpty() ? flag : now)
        : OptionalLong.of(Math.min(now.getAsLong(), flag.getAsLong()));
    return new Member(
        id,
        hello.directory(),
        hello.incarnation(),
        hello.profile(),
        hello.opening().log(),
        hello.opening().newestKind(),
        lostFrom);
  }
}
