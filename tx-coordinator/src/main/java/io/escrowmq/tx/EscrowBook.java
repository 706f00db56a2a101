package io.escrowmq.tx;

import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What facts have made of the half-messages in escrow, and of those decided lately: the state that
 * the {@link TransactionCoordinator} rules by. Facts change it, and so does time what is asked about.
 * Owner: the coordinator.
 */
final class EscrowBook {

  /** How many decided transactions are remembered, so that repeated reports are known at once. */
  static final int REMEMBERED = 1 << 11;

  /** How many that have a name: old ones of the others are found elsewhere by the id. */
  static final int NAMED_REMEMBERED = 1 << 14;

  final EscrowTable byId = new EscrowTable(); // open, and decided lately
  final AgeOrder open = new AgeOrder(); // transactions
  final PlaceOrder places = new PlaceOrder(); // half-messages of open ones
  private final AgeOrder decided = new AgeOrder(); // the one decided first goes first
  private final AgeOrder namedDecided = new AgeOrder(); // likewise
  final NameTable byName; // as byId
  final Map<String, GroupLedger> groups = new HashMap<>();
  final AskingGroups asking = new AskingGroups();
  final TimerWheel wheel = new TimerWheel();

  final GroupLedger all = new GroupLedger("all groups"); // only its sums are used
  private long suspended; // transactions
  long clockIsAhead; // of the ticks
  int longestEver; // record of a half-message that is, or was, in escrow since the start
  long heldBytes; // memory that the open half-messages take
  private @Nullable CoordinatorImage taking; // an image that is not whole

  /**
   * @param salt of the names' hashes
   */
  EscrowBook(long salt) {
    byName = new NameTable(salt);
  }

  // Facts

  /** A half-message was recorded; its id is higher than any before. */
  void apply(Half half) {
    GroupLedger group = groups.computeIfAbsent(half.group(), GroupLedger::new);
    Escrow escrow = new Escrow(half.id(), half.recordedMillis(), group, half.bytes());
    byId.add(escrow);
    if (half.leader() == half.id()) {
      begin(escrow, half);
    } else {
      join(escrow, half.leader());
    }
    places.add(escrow);
    count(escrow, 1);
  }

  private void begin(Escrow escrow, Half half) {
    if (half.name() != null) {
      escrow.party = new Party(escrow, half.name());
      byName.add(escrow);
    }
    open.add(escrow);
    schedule(escrow, half.firstCheckMillis());
  }

  private void join(Escrow escrow, long leaderId) {
    Escrow leader = openLeader(leaderId);
    changes(leader);
    if (leader.party == null) {
      leader.party = new Party(leader, null);
    }
    escrow.party = leader.party;
    leader.party.join(escrow);
  }

  /** A half-message was recorded again, because its segment is about to go. */
  void applyMoved(StoredHalf moved) {
    Escrow escrow = known(moved.id());
    changes(escrow.leader());
    count(escrow, -1);
    places.remove(escrow);
    escrow.position = moved.position();
    escrow.bytes = moved.bytes();
    places.add(escrow);
    count(escrow, 1);
  }

  /** A producer was asked, or is about to be; the transaction is due again at that time. */
  void applyAsked(long id, long nextMillis) {
    Escrow escrow = openLeader(id);
    changes(escrow);
    escrow.checks = (short) Math.min(escrow.checks + 1, Short.MAX_VALUE);
    unlist(escrow);
    if (escrow.state == Escrow.State.SUSPENDED) {
      escrow.group.suspend(escrow);
    } else {
      schedule(escrow, nextMillis);
    }
  }

  /** All checks were in vain: nobody is asked until a producer comes back or a person wants it. */
  void applySuspended(long id) {
    Escrow escrow = openLeader(id);
    changes(escrow);
    unlist(escrow);
    escrow.state = Escrow.State.SUSPENDED;
    escrow.group.suspend(escrow);
    suspended++;
  }

  /** Checks begin anew, as if none had been sent. */
  void applyResumed(long id, long nextMillis) {
    Escrow escrow = openLeader(id);
    changes(escrow);
    unlist(escrow);
    leaveSuspension(escrow);
    escrow.state = Escrow.State.IN_DOUBT;
    escrow.checks = 0;
    schedule(escrow, nextMillis);
  }

  /** It was decided, once and for ever. */
  void apply(Decision decision) {
    Escrow escrow = openLeader(decision.id());
    if (taking != null) {
      taking.decides(escrow);
    }
    unlist(escrow);
    leaveSuspension(escrow);
    escrow.state =
        decision.verdict() == Verdict.COMMIT ? Escrow.State.COMMITTED : Escrow.State.ROLLED_BACK;
    escrow.decider = decision.by();
    escrow.timeMillis = decision.timeMillis();
    open.remove(escrow);
    for (Escrow half : halvesOf(escrow)) {
      count(half, -1);
      places.remove(half);
      closeLedger(half.group);
    }
    remember(escrow);
  }

  /** A transaction that is in no list waits to be asked about. */
  void becomeDue(Escrow escrow) {
    escrow.group.becomeDue(escrow);
    asking.add(escrow.group);
  }

  /** The same for all of a group that wait for a producer. */
  void allBecomeDue(GroupLedger group) {
    group.allBecomeDue();
    if (group.mayHaveDue()) {
      asking.add(group);
    }
  }

  /** A transaction in doubt is due at this time; it may be so already, at another one. */
  void schedule(Escrow escrow, long dueMillis) {
    escrow.timeMillis = dueMillis;
    hasten(escrow, dueMillis);
  }

  /** The same, though the records say otherwise. */
  void hasten(Escrow escrow, long dueMillis) {
    unlist(escrow);
    escrow.dueTick = dueMillis == Half.NEVER ? dueMillis : dueMillis - clockIsAhead;
    wheel.add(escrow);
  }

  private void remember(Escrow leader) {
    if (leader.isNamed()) {
      namedDecided.add(leader);
      forgetBeyond(NAMED_REMEMBERED, namedDecided);
    } else {
      decided.add(leader);
      forgetBeyond(REMEMBERED, decided);
    }
  }

  private void closeLedger(GroupLedger group) {
    if (group.isEmpty()) {
      groups.remove(group.name);
      asking.remove(group);
    }
  }

  private void forgetBeyond(int most, AgeOrder among) {
    Escrow first = among.oldest();
    if (first == null || among.size() <= most) {
      return;
    }
    if (taking != null) {
      taking.forgets(first);
    }
    among.remove(first);
    for (Escrow half : halvesOf(first)) {
      byId.remove(half);
    }
    if (first.isNamed()) {
      byName.remove(first);
    }
  }

  private void leaveSuspension(Escrow escrow) {
    if (escrow.state == Escrow.State.SUSPENDED) {
      suspended--;
    }
  }

  private void count(Escrow escrow, int sign) {
    longestEver = Math.max(longestEver, escrow.bytes);
    long size = (long) sign * escrow.bytes;
    escrow.group.halves += sign;
    escrow.group.bytes += size;
    all.halves += sign;
    all.bytes += size;
    heldBytes += sign * escrow.heldBytes();
  }

  static void unlist(Escrow escrow) {
    if (escrow.list != null) {
      escrow.list.remove(escrow);
    }
  }

  private Escrow known(long id) {
    Escrow escrow = byId.find(id);
    if (escrow == null) {
      throw new IllegalStateException("the half-message " + id + " is not in escrow");
    }
    return escrow;
  }

  Escrow openLeader(long id) {
    Escrow leader = known(id).leader();
    if (leader.isDecided()) {
      throw new IllegalStateException("the transaction " + leader.id + " is decided already");
    }
    return leader;
  }

  static List<Escrow> halvesOf(Escrow leader) {
    return leader.party == null ? List.of(leader) : leader.party.halves();
  }

  /** How much is in escrow now. */
  EscrowFigures figures() {
    Escrow oldest = open.oldest();
    return new EscrowFigures(
        all.halves,
        all.bytes,
        open.size(),
        suspended,
        heldBytes,
        oldest == null ? Long.MAX_VALUE : oldest.recordedMillis);
  }

  // Image

  /** Begins an image of what facts have made of it; one that was begun before is taken first. */
  CoordinatorImage beginImage() {
    while (taking != null) {
      taking.take();
    }
    taking = new CoordinatorImage(this, decided, namedDecided, open);
    return taking;
  }

  void isWhole(CoordinatorImage image) {
    taking = taking == image ? null : taking;
  }

  // Whatever an image has of an open transaction, or what belongs to it.
  private void changes(Escrow leader) {
    if (taking != null) {
      taking.changes(leader);
    }
  }

  /** Becomes what an image wrote; before the first fact. */
  void restore(DataInput in) throws IOException {
    List<Escrow> moved = new ArrayList<>(); // those that do not lie in the order of the image
    CoordinatorImage.read(in, (row, isLeader, leaderId) -> restore(row, isLeader, leaderId, moved));
    places.addAll(moved);
  }

  private void restore(
      CoordinatorImage.Row row, boolean isLeader, long leaderId, List<Escrow> moved) {
    GroupLedger group = groups.computeIfAbsent(row.group(), GroupLedger::new);
    StoredHalf half = row.half();
    Escrow escrow = new Escrow(half.id(), row.recordedMillis(), group, half.bytes());
    escrow.position = half.position();
    byId.add(escrow);
    if (!isLeader) {
      Escrow leader = known(leaderId);
      if (leader.party == null) {
        leader.party = new Party(leader, null);
      }
      escrow.party = leader.party;
      leader.party.join(escrow);
      if (!leader.isDecided()) {
        enter(escrow, moved);
      }
      return;
    }
    escrow.state = row.state();
    escrow.checks = row.checks();
    escrow.decider = row.decider();
    escrow.timeMillis = row.timeMillis();
    if (row.name() != null) {
      escrow.party = new Party(escrow, row.name());
      byName.add(escrow);
    }
    list(escrow);
    if (!escrow.isDecided()) {
      enter(escrow, moved);
    }
  }

  private void enter(Escrow half, List<Escrow> moved) {
    count(half, 1);
    if (places.isBehindAll(half)) {
      places.add(half);
    } else {
      moved.add(half);
    }
  }

  private void list(Escrow leader) {
    if (leader.isDecided()) {
      remember(leader);
      if (leader.group.isEmpty()) {
        groups.remove(leader.group.name);
      }
      return;
    }
    open.add(leader);
    if (leader.state == Escrow.State.SUSPENDED) {
      suspended++;
      leader.group.suspend(leader);
    } else {
      schedule(leader, leader.timeMillis);
    }
  }
}
