package io.escrowmq.replication;

import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Elect;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.Command.SetMinInSync;
import io.escrowmq.replication.WalkReplica.Entry;
import io.escrowmq.replication.WalkReplica.EpochEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Three replicas and a controller, with the real rules and the real arithmetic: a network that loses, repeats and
 * reorders; processes that are killed; machines that lose power; leaders that are deposed by mistake; changes of
 * min-in-sync. After each step everything must hold that is promised. One seed, one history.
 */
final class Walk {

  private static final String GROUP = "broker-a";
  private static final int REPLICAS = 3;
  private static final int MOST_ENTRIES = 48;
  private static final int MOST_MESSAGES = 40;

  /** What does not hold. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  private sealed interface Message {
    /** A command on its way to the controller. */
    record Asked(int by, Command command) implements Message {}

    record Told(GroupState state) implements Message {}

    record Fetch(Incarnation by, int epoch, int from, int lastEpoch, int safe, int request)
        implements Message {}

    record Chunk(int epoch, int from, List<Entry> entries, int committed, int request)
        implements Message {}

    record Diverged(int epoch, int from, EpochEnd end, int request) implements Message {}
  }

  private record Sent(int to, Message message) {}

  private final Random random;
  private final boolean syncs;
  private final WalkReplica[] replicas = new WalkReplica[REPLICAS + 1]; // from 1
  private final List<Sent> network = new ArrayList<>();
  private final Map<String, String> contents = new HashMap<>();
  private final List<Entry> acknowledged = new ArrayList<>();
  private final double mistakes;
  private final double losses;
  private final double repetitions;
  private final double crashes;
  private final int pace;
  private final boolean isMostlyOrdered;
  private GroupBook book = GroupBook.empty("cluster");
  private long now = 1;
  private int values;

  private Walk(long seed) {
    random = new Random(seed * 0x9E37_79B9_7F4A_7C15L); // seeds side by side begin alike otherwise
    syncs = random.nextBoolean();
    mistakes = one(.02, .08, .35);
    losses = one(0, .03, .12);
    repetitions = one(0, .05, .15);
    crashes = one(.05, .2, 1);
    pace = (int) one(10, 60, 300);
    isMostlyOrdered = random.nextBoolean();
    int least = syncs ? 1 + random.nextInt(2) : 2;
    for (int id = 1; id <= REPLICAS; id++) {
      replicas[id] = new WalkReplica(id, syncs);
      decide(hello(replicas[id], true, least));
    }
  }

  /** Fails with {@link Violation}; returns how many records were acknowledged. */
  static int run(long seed, int steps) {
    Walk walk = new Walk(seed);
    for (int step = 0; step < steps; step++) {
      walk.step();
      walk.check();
    }
    return walk.acknowledged.size();
  }

  private double one(double... values) {
    return values[random.nextInt(values.length)];
  }

  private boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  private void step() {
    now += random.nextInt(pace);
    WalkReplica replica = replicas[1 + random.nextInt(REPLICAS)];
    int what = random.nextInt(100);
    if (what < 16) {
      append(replica);
    } else if (what < 22) {
      sync(replica);
    } else if (what < 42) {
      fetch(replica);
    } else if (what < 50) {
      propose(replica);
    } else if (what < 80) {
      deliver();
    } else if (what < 86) {
      elect();
    } else if (what < 90) {
      greetOrListen(replica);
    } else if (what < 94) {
      crash(replica);
    } else {
      restart(replica);
    }
    if (network.size() > MOST_MESSAGES) {
      network.remove(random.nextInt(network.size()));
    }
    if (syncs && happens(.01)) {
      decide(new SetMinInSync(GROUP, 1 + random.nextInt(2)));
    }
  }

  // Replicas

  private void append(WalkReplica replica) {
    if (replica.isAlive && replica.leading != null && replica.log.size() < MOST_ENTRIES) {
      write(replica, new Entry(replica.epoch, "v" + ++values));
      wrote(replica);
    }
  }

  private void sync(WalkReplica replica) {
    if (replica.isAlive) {
      replica.durable = replica.log.size();
      if (replica.leading != null) {
        wrote(replica);
      }
    }
  }

  private void write(WalkReplica replica, Entry entry) {
    String place = entry.epoch() + " at " + replica.log.size();
    String before = contents.putIfAbsent(place, entry.value());
    if (before != null && !before.equals(entry.value())) {
      throw new Violation("ONE-WRITER: epoch " + place + " is " + before + " and " + entry.value());
    }
    replica.log.add(entry);
  }

  private void fetch(WalkReplica replica) {
    Incarnation leader = replica.leader;
    if (replica.isAlive
        && replica.leading == null
        && leader != null
        && leader.replica() != replica.id) {
      replica.request++;
      send(
          leader.replica(),
          new Message.Fetch(
              replica.self(),
              replica.epoch,
              replica.log.size(),
              replica.lastEpoch(),
              replica.safe(),
              replica.request));
    }
  }

  private void propose(WalkReplica replica) {
    InSync leading = replica.leading;
    if (!replica.isAlive || leading == null) {
      return;
    }
    if (happens(.1)) {
      WalkReplica other = replicas[1 + random.nextInt(REPLICAS)];
      leading.disconnected(other.self(), now);
    }
    AlterInSync proposal = leading.propose(now);
    if (proposal != null) {
      network.add(new Sent(0, new Message.Asked(replica.id, proposal)));
    }
  }

  private void greetOrListen(WalkReplica replica) {
    if (replica.isAlive && !replica.isKnown) {
      network.add(new Sent(0, new Message.Asked(replica.id, hello(replica, false, 1))));
    } else {
      send(replica.id, new Message.Told(state()));
    }
  }

  private Hello hello(WalkReplica replica, boolean isFirst, int least) {
    return new Hello(
        GROUP,
        isFirst ? "" : "cluster",
        isFirst ? 0 : replica.id,
        "directory-" + replica.id,
        replica.incarnation,
        new Profile("client:" + replica.id, "replica:" + replica.id, "", 100),
        new Opening(
            replica.end(),
            replica.hasLost ? OptionalLong.of(replica.durable) : OptionalLong.empty(),
            12),
        least);
  }

  private void crash(WalkReplica replica) {
    if (!replica.isAlive || !happens(crashes)) {
      return;
    }
    replica.stop();
    boolean mayLose = random.nextBoolean() && replica.durable < replica.log.size();
    for (WalkReplica other : replicas()) {
      mayLose &= !other.hasLost && !state().isFlagged(other.id);
    }
    if (mayLose) {
      replica.hasLost = !syncs;
      replica.cut(replica.durable + random.nextInt(replica.log.size() - replica.durable + 1));
    }
  }

  private void restart(WalkReplica replica) {
    if (!replica.isAlive) {
      replica.start(random.nextBoolean());
      network.add(new Sent(0, new Message.Asked(replica.id, hello(replica, false, 1))));
    }
  }

  private void wrote(WalkReplica replica) {
    InSync leading = replica.leading;
    if (leading != null) {
      leading.wrote(replica.log.size(), replica.safe());
      committed(replica, leading);
    }
  }

  private void committed(WalkReplica replica, InSync leading) {
    int committed = (int) leading.committed();
    if (committed < replica.committed) {
      throw new Violation("COMMITTED-UP: " + replica.id + " falls to " + committed);
    }
    if (committed > replica.committed) {
      if (committed > replica.log.size() || committed < replica.committedAtStart) {
        throw new Violation("SEEN-KEPT: " + replica.id + " has " + committed + " committed, "
            + replica.committedAtStart + " were seen");
      }
      replica.committed = committed;
      for (int i = acknowledged.size(); i < committed; i++) {
        acknowledged.add(replica.log.get(i));
      }
      if (!replica.log.subList(0, committed).equals(acknowledged.subList(0, committed))) {
        throw new Violation("ACK-KEPT: " + replica.id + " commits other records");
      }
    }
  }

  // The controller

  private GroupState state() {
    GroupState state = book.group(GROUP);
    if (state == null) {
      throw new Violation("the group is gone");
    }
    return state;
  }

  private void decide(Command command) {
    Ruling ruling = book.rule(command);
    if (ruling instanceof Ruling.Accepted accepted) {
      book = book.with(accepted.state());
      if (command instanceof Hello hello && hello.replica() != 0) {
        WalkReplica replica = replicas[hello.replica()];
        replica.hasLost &= hello.incarnation() != replica.incarnation
            || hello.opening().lostFrom().isEmpty(); // sent before the loss
      }
    }
  }

  private void elect() {
    GroupState state = state();
    if (state.leader() != null && !happens(mistakes)) {
      return;
    }
    Incarnation leader = state.leader();
    boolean isHandOver = leader != null && happens(.2);
    List<Candidate> alive = new ArrayList<>();
    for (Member member : state.members().values()) {
      WalkReplica replica = replicas[member.id()];
      boolean isSeen = replica.isAlive ? !happens(.2) : happens(.1);
      boolean isLeader = leader != null && leader.replica() == member.id();
      if (isLeader ? isHandOver : isSeen) {
        alive.add(new Candidate(member.current(), replica.end()));
      }
    }
    decide(new Elect(
        GROUP, state.epoch(), isHandOver ? Cause.HAND_OVER : Cause.SESSION_OVER, 0, alive));
    if (state().epoch() != state.epoch()) {
      replicas().forEach(replica -> send(replica.id, new Message.Told(state())));
    }
  }

  // The network

  private void send(int to, Message message) {
    network.add(new Sent(to, message));
  }

  private void deliver() {
    if (network.isEmpty()) {
      return;
    }
    int which = isMostlyOrdered && happens(.9) ? 0 : random.nextInt(network.size());
    Sent sent = happens(repetitions) ? network.get(which) : network.remove(which);
    if (happens(losses)) {
      return;
    }
    if (sent.message() instanceof Message.Asked asked) {
      decide(asked.command());
      send(asked.by(), new Message.Told(state()));
      return;
    }
    WalkReplica replica = replicas[sent.to()];
    if (!replica.isAlive) {
      return;
    }
    if (sent.message() instanceof Message.Told told) {
      hear(replica, told.state());
    } else if (sent.message() instanceof Message.Fetch fetch) {
      serve(replica, fetch);
    } else if (sent.message() instanceof Message.Chunk chunk) {
      take(replica, chunk);
    } else if (sent.message() instanceof Message.Diverged diverged) {
      cut(replica, diverged);
    }
  }

  private void hear(WalkReplica replica, GroupState state) {
    Member member = state.member(replica.id);
    if (member == null || member.incarnation() != replica.incarnation) {
      return; // the controller does not know this opening yet
    }
    replica.isKnown = true;
    if (state.epoch() > replica.epoch) {
      replica.follow();
      replica.epoch = state.epoch();
      replica.leader = state.leader();
      if (state.isLedBy(replica.self())) {
        lead(replica, state);
      }
    } else if (state.epoch() == replica.epoch) {
      InSync leading = replica.leading;
      if (leading == null) {
        replica.leader = state.leader() == null ? replica.leader : state.leader();
      } else if (leading.heard(state, now)) {
        committed(replica, leading);
      } else {
        replica.follow();
      }
    }
  }

  private void lead(WalkReplica replica, GroupState state) {
    if (state.epoch() == state().epoch()) {
      if (!replica.has(acknowledged)) {
        throw new Violation("ACK-KEPT: " + replica.id + " begins epoch " + state.epoch()
            + " without all of " + acknowledged.size() + " acknowledged records");
      }
      replica.committedAtStart = acknowledged.size();
    } else {
      replica.committedAtStart = 0;
    }
    write(replica, new Entry(replica.epoch, "start of " + replica.self()));
    replica.leading = new InSync(
        state, replica.self(), replica.log.size(), replica.committed, InSyncTiming.DEFAULT, now);
    wrote(replica);
  }

  private void serve(WalkReplica leader, Message.Fetch fetch) {
    InSync leading = leader.leading;
    if (leading == null) {
      return;
    }
    EpochEnd end = leader.endOf(fetch.lastEpoch());
    boolean agrees = end.epoch() == fetch.lastEpoch() && fetch.from() <= end.end();
    Member member = leading.state().member(fetch.by().replica());
    boolean isOld = fetch.epoch() != leader.epoch
        || (member != null && fetch.by().number() < member.incarnation());
    if (!agrees && !(isOld && leader.following.contains(fetch.by()))) {
      if (fetch.epoch() == leader.epoch) {
        send(
            fetch.by().replica(),
            new Message.Diverged(leader.epoch, fetch.from(), end, fetch.request()));
      }
      return;
    }
    if (leading.acknowledged(fetch.by(), fetch.epoch(), fetch.safe(), now)) {
      leader.following.add(fetch.by()); // over a connection that may still be open
      committed(leader, leading);
      int from = Math.min(leader.log.size(), fetch.from());
      int most = Math.min(leader.log.size(), from + random.nextInt(6));
      send(
          fetch.by().replica(),
          new Message.Chunk(
              leader.epoch,
              fetch.from(),
              List.copyOf(leader.log.subList(from, most)),
              leader.committed,
              fetch.request()));
    }
  }

  private void take(WalkReplica replica, Message.Chunk chunk) {
    if (replica.leading != null
        || chunk.epoch() != replica.epoch
        || chunk.from() != replica.log.size()
        || chunk.request() != replica.request) {
      return;
    }
    chunk.entries().forEach(entry -> write(replica, entry));
    replica.committed =
        Math.max(replica.committed, Math.min(chunk.committed(), replica.log.size()));
  }

  private void cut(WalkReplica replica, Message.Diverged diverged) {
    if (replica.leading != null
        || diverged.epoch() != replica.epoch
        || diverged.from() != replica.log.size()
        || diverged.request() != replica.request) {
      return;
    }
    int to =
        Math.min(replica.endOf(diverged.end().epoch()).end(), diverged.end().end());
    if (to < replica.log.size()) {
      if (to < replica.committed) {
        throw new Violation("COMMITTED-UP: " + replica.id + " is cut to " + to + ", committed is "
            + replica.committed);
      }
      replica.cut(to);
    }
  }

  // What holds

  private List<WalkReplica> replicas() {
    return Arrays.asList(replicas).subList(1, REPLICAS + 1);
  }

  private void check() {
    GroupState state = state();
    for (WalkReplica replica : replicas()) {
      int committed = replica.committed;
      if (committed > acknowledged.size()
          || !replica.log.subList(0, committed).equals(acknowledged.subList(0, committed))) {
        throw new Violation(
            "PREFIX: what " + replica.id + " takes for committed, up to " + committed + ", is not");
      }
    }
    Set<Integer> sure = new TreeSet<>(state.inSync().replicas());
    sure.addAll(state.inSync().eligible());
    for (int id : sure) {
      WalkReplica replica = replicas[id];
      if (!replica.hasLost && !state.isFlagged(id) && !replica.has(acknowledged)) {
        throw new Violation("SET-HAS-ALL: " + id + " lacks some of " + acknowledged.size()
            + ", in sync " + state.inSync());
      }
    }
  }

  /** The first seed that breaks something, for faults made on purpose; null when none does. */
  static @Nullable String firstViolation(long seeds, int steps) {
    for (long seed = 0; seed < seeds; seed++) {
      try {
        run(seed, steps);
      } catch (RuntimeException e) {
        return "seed " + seed + ": " + e;
      }
    }
    return null;
  }
}
