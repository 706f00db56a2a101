package io.escrowmq.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Elect;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.Refusal.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** A book with one group, as tests talk to it. */
final class Groups {

  static final String NAME = "broker-a";

  private GroupBook book = GroupBook.empty("cluster-1");

  /** Replicas 1 to 3, all of them in sync, led by the first one in epoch 1. */
  static Groups ofThree(int least) {
    Groups groups = new Groups();
    for (int id = 1; id <= 3; id++) {
      groups.accept(groups.hello(id, 1, new LogEnd(0, 0), OptionalLong.empty(), least));
    }
    groups.elect(Cause.SESSION_OVER, 1, candidate(1, 1, 0, 0));
    groups.alter(1, 2, 3);
    return groups;
  }

  GroupBook book() {
    return book;
  }

  GroupState state() {
    GroupState state = book.group(NAME);
    assertThat(state).isNotNull();
    return state;
  }

  GroupState accept(Command command) {
    Ruling ruling = book.rule(CommandCodec.decode(CommandCodec.encode(command)));
    assertThat(ruling).as("%s", command).isInstanceOf(Ruling.Accepted.class);
    GroupState state = ((Ruling.Accepted) ruling).state();
    book = StateCodec.decodeBook(StateCodec.encode(book.with(state)));
    assertThat(book.group(NAME)).isEqualTo(state);
    return state;
  }

  Refusal refuse(Command command, Reason reason) {
    Ruling ruling = book.rule(command);
    assertThat(ruling).as("%s", command).isInstanceOf(Ruling.Refused.class);
    Refusal refusal = ((Ruling.Refused) ruling).refusal();
    assertThat(refusal.reason()).as("%s", refusal).isEqualTo(reason);
    return refusal;
  }

  /** A hello of one that belongs to the group, or wants to. */
  Hello hello(int id, long incarnation, LogEnd log, OptionalLong lostFrom, int least) {
    GroupState group = book.group(NAME);
    boolean isKnown = group != null && group.member(id) != null;
    return new Hello(
        NAME,
        isKnown ? book.cluster() : "",
        isKnown ? id : 0,
        "directory-" + id,
        incarnation,
        new Profile("client-" + id + ":1", "replica-" + id + ":2", "", 100),
        new Opening(log, lostFrom, 12),
        least);
  }

  GroupState restart(int id, long incarnation) {
    return accept(hello(id, incarnation, new LogEnd(1, 100), OptionalLong.empty(), 2));
  }

  GroupState restartWithLoss(int id, long incarnation, long end) {
    return accept(hello(id, incarnation, new LogEnd(1, end), OptionalLong.of(end), 2));
  }

  GroupState elect(Cause cause, int to, Candidate... alive) {
    return accept(election(cause, to, alive));
  }

  Elect election(Cause cause, int to, Candidate... alive) {
    return new Elect(NAME, state().epoch(), cause, to, List.of(alive));
  }

  GroupState alter(int... replicas) {
    return accept(alteration(replicas));
  }

  Command.AlterInSync alteration(int... replicas) {
    SortedMap<Integer, Long> set = new TreeMap<>();
    for (int replica : replicas) {
      Member member = state().member(replica);
      set.put(replica, member == null ? 1 : member.incarnation());
    }
    Incarnation leader = state().leader();
    assertThat(leader).isNotNull();
    return new Command.AlterInSync(NAME, leader, state().epoch(), state().version(), set);
  }

  /** Everybody that runs in its last incarnation and is in this list. */
  Candidate[] alive(int... replicas) {
    List<Candidate> alive = new ArrayList<>();
    for (int replica : replicas) {
      Member member = state().member(replica);
      assertThat(member).isNotNull();
      alive.add(new Candidate(member.current(), member.log()));
    }
    return alive.toArray(Candidate[]::new);
  }

  static Candidate candidate(int id, long incarnation, int epoch, long end) {
    return new Candidate(new Incarnation(id, incarnation), new LogEnd(epoch, end));
  }
}
