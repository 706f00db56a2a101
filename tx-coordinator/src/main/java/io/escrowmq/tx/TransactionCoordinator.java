package io.escrowmq.tx;

import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Half-messages in escrow, and what was decided about them.
 *
 * <p>Pure: no clock, no thread, no file, no logging. The caller brings the time. Owner: the log loop.
 * Facts are applied in log order, live, on a slave and at restart; same records, same state. A fact
 * may not refuse; a question may, and changes nothing that a restart would have to know.
 *
 * <pre>
 *            report: commit | roll back
 *  IN DOUBT ────────────────────────────► COMMITTED | ROLLED BACK    write-once; a contrary report is refused
 *    │  ▲ due: ask, later again                       ▲
 *    │  └─────────────┘                               │ returning producer, or an operator
 *    └─ attempts used up ──► SUSPENDED ───────────────┘
 * </pre>
 *
 * The clauses that comments name are those of {@code docs/half-message.md}.
 */
public final class TransactionCoordinator {

  /** How many decided transactions are remembered, so that repeated reports are known at once. */
  static final int REMEMBERED = 1 << 11;

  /** How many that have a name: old ones of the others are found elsewhere by the id. */
  static final int NAMED_REMEMBERED = 1 << 14;

  /** So often a second, and so many at a time, one group is asked: its clients queue 2,000 checks. */
  static final long ASK_EVERY_MILLIS = 100;

  static final int ASKED_AT_ONCE = 200;

  /** The group that passes it is the last one this time. */
  private static final int EFFECTS_AT_ONCE = 1000;

  /** So many half-messages one transaction may have: its decision has to fit one record. */
  static final int HALVES_OF_TRANSACTION = 4096;

  private final CheckSchedule schedule;
  private final Bounds bounds;

  private final EscrowTable byId = new EscrowTable(); // open, and decided lately
  private final AgeOrder open = new AgeOrder(); // transactions
  private final AgeOrder decided = new AgeOrder(); // the one decided first goes first
  private final AgeOrder namedDecided = new AgeOrder(); // likewise
  private final Map<TransactionName, Escrow> byName = new HashMap<>(); // as byId
  private final Map<String, GroupLedger> groups = new HashMap<>();
  private final Set<GroupLedger> asking = new LinkedHashSet<>(); // who has something due
  private final TimerWheel wheel = new TimerWheel();

  private final GroupLedger all = new GroupLedger("all groups"); // only its sums are used
  private long suspended; // transactions

  public TransactionCoordinator(CheckSchedule schedule, Bounds bounds) {
    this.schedule = schedule;
    this.bounds = bounds;
  }

  // Facts

  /** A half-message was recorded; its id is higher than any before. */
  public void apply(Half half) {
    GroupLedger group = groups.computeIfAbsent(half.group(), GroupLedger::new);
    Escrow escrow = new Escrow(half.id(), half.recordedMillis(), group, half.bytes());
    byId.add(escrow);
    count(escrow, 1);
    if (half.leader() == half.id()) {
      begin(escrow, half);
    } else {
      join(escrow, half.leader());
    }
  }

  private void begin(Escrow escrow, Half half) {
    if (half.name() != null) {
      TransactionName name = new TransactionName(half.group(), half.name());
      escrow.party = new Party(escrow, name);
      byName.put(name, escrow);
    }
    escrow.timeMillis = half.firstCheckMillis();
    open.add(escrow);
    wheel.add(escrow);
  }

  private void join(Escrow escrow, long leaderId) {
    Escrow leader = openLeader(leaderId);
    if (leader.party == null) {
      leader.party = new Party(leader, null);
    }
    escrow.party = leader.party;
    leader.party.join(escrow);
  }

  /** A half-message was recorded again, because its segment is about to go. */
  public void applyMoved(StoredHalf moved) {
    Escrow escrow = known(moved.id());
    count(escrow, -1);
    escrow.position = moved.position();
    escrow.bytes = moved.bytes();
    count(escrow, 1);
  }

  /** A producer was asked, or is about to be; the transaction is due again at that time. */
  public void applyAsked(long id, long nextMillis) {
    Escrow escrow = openLeader(id);
    escrow.checks = (short) Math.min(escrow.checks + 1, Short.MAX_VALUE);
    unlist(escrow);
    if (escrow.state == Escrow.State.SUSPENDED) {
      escrow.group.suspended.add(escrow);
    } else {
      escrow.timeMillis = nextMillis;
      wheel.add(escrow);
    }
  }

  /** All checks were in vain: nobody is asked until a producer comes back or a person wants it. */
  public void applySuspended(long id) {
    Escrow escrow = openLeader(id);
    unlist(escrow);
    escrow.state = Escrow.State.SUSPENDED;
    escrow.group.suspended.add(escrow);
    suspended++;
  }

  /** Checks begin anew, as if none had been sent. */
  public void applyResumed(long id, long nextMillis) {
    Escrow escrow = openLeader(id);
    unlist(escrow);
    leaveSuspension(escrow);
    escrow.state = Escrow.State.IN_DOUBT;
    escrow.checks = 0;
    escrow.timeMillis = nextMillis;
    wheel.add(escrow);
  }

  /** It was decided, once and for ever. */
  public void apply(Decision decision) {
    Escrow escrow = openLeader(decision.id());
    unlist(escrow);
    leaveSuspension(escrow);
    escrow.state =
        decision.verdict() == Verdict.COMMIT ? Escrow.State.COMMITTED : Escrow.State.ROLLED_BACK;
    escrow.decider = decision.by();
    escrow.timeMillis = decision.timeMillis();
    open.remove(escrow);
    for (Escrow half : halvesOf(escrow)) {
      count(half, -1);
      closeLedger(half.group);
    }
    remember(escrow);
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
    among.remove(first);
    for (Escrow half : halvesOf(first)) {
      byId.remove(half);
    }
    if (first.party != null && first.party.name != null) {
      byName.remove(first.party.name);
    }
  }

  private void leaveSuspension(Escrow escrow) {
    if (escrow.state == Escrow.State.SUSPENDED) {
      suspended--;
    }
  }

  private void count(Escrow escrow, int sign) {
    long size = (long) sign * escrow.bytes;
    escrow.group.halves += sign;
    escrow.group.bytes += size;
    all.halves += sign;
    all.bytes += size;
  }

  private static void unlist(Escrow escrow) {
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

  private Escrow openLeader(long id) {
    Escrow leader = known(id).leader();
    if (leader.isDecided()) {
      throw new IllegalStateException("the transaction " + leader.id + " is decided already");
    }
    return leader;
  }

  private static List<Escrow> halvesOf(Escrow leader) {
    return leader.party == null ? List.of(leader) : leader.party.halves();
  }

  // Questions

  /**
   * May half-messages enter?
   *
   * @param name of the transaction that they belong to; null for one of their own
   * @param count how many
   * @param size bytes of their records in all
   */
  public Admission onHalves(String group, @Nullable String name, int count, long size) {
    Escrow leader = name == null ? null : byName.get(new TransactionName(group, name));
    if (leader != null && leader.isDecided()) {
      return new Admission.TooLate(leader.decision());
    }
    int here = leader == null ? 0 : halvesOf(leader).size();
    if (here + count > HALVES_OF_TRANSACTION) {
      return new Admission.Full(Admission.Limit.HALVES_OF_TRANSACTION, here, HALVES_OF_TRANSACTION);
    }
    Admission.Full full = fullFor(group, count, size);
    if (full != null) {
      return full;
    }
    return leader == null ? new Admission.Begins() : new Admission.Joins(leader.id);
  }

  private Admission.@Nullable Full fullFor(String group, int count, long size) {
    if (all.halves + count > bounds.halves()) {
      return new Admission.Full(Admission.Limit.HALVES, all.halves, bounds.halves());
    }
    if (all.bytes + size > bounds.bytes()) {
      return new Admission.Full(Admission.Limit.BYTES, all.bytes, bounds.bytes());
    }
    GroupLedger ledger = groups.get(group);
    long halvesOfGroup = ledger == null ? 0 : ledger.halves;
    long bytesOfGroup = ledger == null ? 0 : ledger.bytes;
    if (halvesOfGroup + count > bounds.halvesOfGroup()) {
      return new Admission.Full(
          Admission.Limit.HALVES_OF_GROUP, halvesOfGroup, bounds.halvesOfGroup());
    }
    if (bytesOfGroup + size > bounds.bytesOfGroup()) {
      return new Admission.Full(
          Admission.Limit.BYTES_OF_GROUP, bytesOfGroup, bounds.bytesOfGroup());
    }
    return null;
  }

  /**
   * A producer reports; what do we make of it?
   *
   * @param group the producer's
   */
  public Ruling onReport(long id, String group, Outcome outcome) {
    Escrow escrow = byId.find(id);
    if (escrow == null) {
      return new Ruling.NotOpen();
    }
    if (!escrow.group.name.equals(group)) {
      return new Ruling.NotYours(escrow.group.name);
    }
    return rule(escrow.leader(), outcome);
  }

  /**
   * The same for a transaction that has a name.
   *
   * @param atLeast half-messages that the producer knows to be here
   */
  public Ruling onReport(String group, String name, int atLeast, Outcome outcome) {
    Escrow leader = byName.get(new TransactionName(group, name));
    if (leader == null) {
      return new Ruling.NotOpen();
    }
    int here = halvesOf(leader).size();
    if (outcome == Outcome.COMMIT && !leader.isDecided() && here < atLeast) {
      return new Ruling.Incomplete(here);
    }
    return rule(leader, outcome);
  }

  /** An operator, or the setting for what exhausted its checks, decides; no group is asked for. */
  public Ruling onOrder(long id, Verdict verdict) {
    Escrow escrow = byId.find(id);
    return escrow == null
        ? new Ruling.NotOpen()
        : rule(escrow.leader(), verdict == Verdict.COMMIT ? Outcome.COMMIT : Outcome.ROLLBACK);
  }

  private static Ruling rule(Escrow leader, Outcome outcome) {
    if (outcome == Outcome.UNKNOWN) {
      return new Ruling.Nothing(); // its next check is scheduled already
    }
    Verdict verdict = outcome.verdict();
    if (leader.isDecided()) {
      Decision decision = leader.decision();
      return decision.verdict() == verdict
          ? new Ruling.AlreadySo(decision)
          : new Ruling.Contradicts(decision);
    }
    return new Ruling.Decide(leader.id, verdict, stored(leader));
  }

  private static List<StoredHalf> stored(Escrow leader) {
    if (leader.party == null) {
      return List.of(leader.stored());
    }
    return leader.party.halves().stream().map(Escrow::stored).toList();
  }

  /** The open transaction that a half-message belongs to; null when there is none. */
  public @Nullable OpenTransaction find(long id) {
    Escrow escrow = byId.find(id);
    return escrow == null || escrow.leader().isDecided() ? null : look(escrow.leader());
  }

  /** What was decided lately about the transaction that a half-message belongs to. */
  public @Nullable Decision decision(long id) {
    Escrow escrow = byId.find(id);
    return escrow == null || !escrow.leader().isDecided()
        ? null
        : escrow.leader().decision();
  }

  /** Open transactions, oldest first. Costs a look at each that is open and not on a page before. */
  public List<OpenTransaction> list(Wanted wanted) {
    List<OpenTransaction> found = new ArrayList<>();
    Escrow first = firstAfter(wanted.afterId());
    for (Escrow at = first; at != null && found.size() < wanted.most(); at = at.younger) {
      if (at.recordedMillis >= wanted.recordedBeforeMillis()) {
        break;
      }
      if (at.id > wanted.afterId()
          && (wanted.group() == null || wanted.group().equals(at.group.name))
          && (!wanted.suspendedOnly() || at.state == Escrow.State.SUSPENDED)) {
        found.add(look(at));
      }
    }
    return found;
  }

  // Where the page before ended, unless that is decided meanwhile.
  private @Nullable Escrow firstAfter(long id) {
    Escrow last = byId.find(id);
    return last == null || last.leader() != last || last.isDecided() ? open.oldest() : last.younger;
  }

  private static OpenTransaction look(Escrow leader) {
    Party party = leader.party;
    return new OpenTransaction(
        leader.id,
        party == null || party.name == null ? null : party.name.name(),
        leader.group.name,
        leader.recordedMillis,
        leader.checks,
        leader.timeMillis,
        leader.state == Escrow.State.SUSPENDED,
        stored(leader));
  }

  /**
   * Half-messages in escrow that lie before a position, the oldest first: they are recorded again
   * before their segment goes. Costs a look at each that is open.
   */
  public List<StoredHalf> storedBefore(long position, int most) {
    List<StoredHalf> found = new ArrayList<>();
    for (Escrow at = open.oldest(); at != null && found.size() < most; at = at.younger) {
      for (Escrow half : halvesOf(at)) {
        if (half.position < position) {
          found.add(half.stored());
        }
      }
    }
    return found;
  }

  /** Where the first record lies that holds a half-message in escrow; costs as much. */
  public long oldestPosition() {
    long oldest = Long.MAX_VALUE;
    for (Escrow at = open.oldest(); at != null; at = at.younger) {
      for (Escrow half : halvesOf(at)) {
        oldest = Math.min(oldest, half.position);
      }
    }
    return oldest;
  }

  // Time

  /** When {@link #onTick} wants to be called next; {@code Long.MAX_VALUE} when never. */
  public long nextMillis() {
    long next = wheel.nextMillis();
    for (GroupLedger group : asking) {
      next = Math.min(next, group.nextAskMillis);
    }
    return next;
  }

  /**
   * What is due: producers to be asked, transactions that used up their checks. Costs what is due,
   * not what is open. Due exactly now is due. Each stays due until a fact is applied that follows
   * from it, or {@link #noProducer} says that nobody can be asked.
   */
  public List<Effect> onTick(long nowMillis) {
    wheel.advance(nowMillis, this::becomeDue);
    List<Effect> effects = new ArrayList<>();
    for (GroupLedger group : asking) {
      if (group.nextAskMillis <= nowMillis && effects.size() < EFFECTS_AT_ONCE) {
        group.nextAskMillis = nowMillis + ASK_EVERY_MILLIS;
        Escrow at = group.due.first();
        for (int i = 0; i < ASKED_AT_ONCE && at != null; i++, at = at.after) {
          effects.add(effectOf(at, nowMillis));
        }
      }
    }
    asking.removeIf(group -> group.due.isEmpty());
    return effects;
  }

  private void becomeDue(Escrow escrow) {
    escrow.group.due.add(escrow);
    asking.add(escrow.group);
  }

  private Effect effectOf(Escrow escrow, long nowMillis) {
    boolean isSuspended = escrow.state == Escrow.State.SUSPENDED;
    if (escrow.checks >= schedule.maxChecks() && !isSuspended) {
      return new Effect.Exhausted(escrow.id, escrow.group.name);
    }
    int check = escrow.checks + 1;
    return new Effect.Ask(
        escrow.id,
        escrow.position,
        escrow.group.name,
        check,
        nowMillis + schedule.pauseAfter(check));
  }

  /**
   * No producer of the group can be asked about a transaction that is due. It uses up no check, and
   * waits for {@link #producerCame}.
   */
  public void noProducer(long id) {
    Escrow escrow = openLeader(id);
    unlist(escrow);
    boolean isSuspended = escrow.state == Escrow.State.SUSPENDED;
    (isSuspended ? escrow.group.suspended : escrow.group.unanswerable).add(escrow);
  }

  /** A producer of the group is here: what waited for one is due, and so is what was suspended. */
  public void producerCame(String name) {
    GroupLedger group = groups.get(name);
    if (group != null) {
      moveToDue(group, group.unanswerable);
      moveToDue(group, group.suspended);
    }
  }

  private void moveToDue(GroupLedger group, EscrowList from) {
    for (Escrow escrow = from.first(); escrow != null; escrow = from.first()) {
      from.remove(escrow);
      group.due.add(escrow);
      asking.add(group);
    }
  }

  /** When a half-message may first be asked about, unless it names a time itself. */
  public long firstCheckAfterMillis() {
    return schedule.firstMillis();
  }

  /** How much is in escrow now. The log loop only. */
  public EscrowFigures count() {
    Escrow oldest = open.oldest();
    return new EscrowFigures(
        all.halves,
        all.bytes,
        open.size(),
        suspended,
        oldest == null ? Long.MAX_VALUE : oldest.recordedMillis);
  }

  // Image

  /** What facts have made of it, for {@link #restore}. */
  public CoordinatorImage image() {
    return CoordinatorImage.of(decided, namedDecided, open);
  }

  /** Becomes what an image wrote; before the first fact. */
  public void restore(DataInput in) throws IOException {
    CoordinatorImage.read(in, this::restore);
  }

  private void restore(CoordinatorImage.Row row, boolean isLeader, long leaderId) {
    GroupLedger group = groups.computeIfAbsent(row.group(), GroupLedger::new);
    Escrow escrow = new Escrow(row.id(), row.recordedMillis(), group, row.bytes());
    escrow.position = row.position();
    byId.add(escrow);
    if (!isLeader) {
      Escrow leader = known(leaderId);
      if (leader.party == null) {
        leader.party = new Party(leader, null);
      }
      escrow.party = leader.party;
      leader.party.join(escrow);
      if (!leader.isDecided()) {
        count(escrow, 1);
      }
      return;
    }
    escrow.state = row.state();
    escrow.checks = row.checks();
    escrow.decider = row.decider();
    escrow.timeMillis = row.timeMillis();
    if (row.name() != null) {
      TransactionName name = new TransactionName(row.group(), row.name());
      escrow.party = new Party(escrow, name);
      byName.put(name, escrow);
    }
    list(escrow);
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
    count(leader, 1);
    if (leader.state == Escrow.State.SUSPENDED) {
      suspended++;
      leader.group.suspended.add(leader);
    } else {
      wheel.add(leader);
    }
  }
}
