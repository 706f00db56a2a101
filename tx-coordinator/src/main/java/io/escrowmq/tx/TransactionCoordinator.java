package io.escrowmq.tx;

import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Half-messages in escrow, and what was decided about them.
 *
 * <p>Pure: no clock, no thread, no file, no logging. The caller brings the time. Owner: the log loop.
 * Facts are applied in log order, live, on a slave and at restart; same records, same state. A fact
 * may not refuse; a question may, and changes nothing that a restart would have to know.
 *
 * <p>Times in facts are the clock's that records are stamped with; {@link #onTick} goes by ticks, which
 * no jump of a clock disturbs. {@link #clockIsAhead} says how one follows from the other.
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

  /** So often a second, and so many at a time, one group is asked: its clients queue 2,000 checks. */
  static final long ASK_EVERY_MILLIS = 100;

  static final int ASKED_AT_ONCE = 200;

  /** The group that passes it is the last one this time; and no more groups are looked at. */
  private static final int EFFECTS_AT_ONCE = 1000;

  /** The transaction that passes it is the last one of a page: each is read from the log for it. */
  static final int HALVES_OF_PAGE = 10_000;

  private final CheckSchedule schedule;
  private final EscrowBook book;
  private final AdmissionRule admissions;

  /**
   * @param salt a number that clients cannot guess, so that they cannot choose names that collide. It
   *     changes no answer
   */
  public TransactionCoordinator(CheckSchedule schedule, Bounds bounds, long salt) {
    this.schedule = schedule;
    this.book = new EscrowBook(salt);
    this.admissions = new AdmissionRule(book, bounds);
  }

  /**
   * Time begins here: what is overdue is so at once, and is not moved through all the years before. Before the
   * first fact.
   */
  public void startAt(long tick) {
    book.wheel.advance(tick, escrow -> {});
  }

  // Facts

  /** A half-message was recorded; its id is higher than any before. */
  public void apply(Half half) {
    book.apply(half);
  }

  /** A half-message was recorded again, because its segment is about to go. */
  public void applyMoved(StoredHalf moved) {
    book.applyMoved(moved);
  }

  /** A producer was asked, or is about to be; the transaction is due again at that time. */
  public void applyAsked(long id, long nextMillis) {
    book.applyAsked(id, nextMillis);
  }

  /** All checks were in vain: no producer is asked until one comes back or an operator wants it. */
  public void applySuspended(long id) {
    book.applySuspended(id);
  }

  /** Checks begin anew, as if none had been sent. */
  public void applyResumed(long id, long nextMillis) {
    book.applyResumed(id, nextMillis);
  }

  /** It was decided, once and for ever. */
  public void apply(Decision decision) {
    book.apply(decision);
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
    return admissions.onHalves(group, name, count, size);
  }

  /**
   * A producer reports; what do we make of it?
   *
   * @param group the producer's
   */
  public Ruling onReport(long id, String group, Outcome outcome) {
    Escrow escrow = book.byId.find(id);
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
    Escrow leader = book.byName.find(group, name);
    if (leader == null) {
      return new Ruling.NotOpen();
    }
    int here = EscrowBook.halvesOf(leader).size();
    if (outcome == Outcome.COMMIT && !leader.isDecided() && here < atLeast) {
      return new Ruling.Incomplete(here);
    }
    return rule(leader, outcome);
  }

  /** An operator, or the setting for what exhausted its checks, decides; no group is asked for. */
  public Ruling onOrder(long id, Verdict verdict) {
    Escrow escrow = book.byId.find(id);
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
    return new Ruling.Decide(leader.id, verdict, leader.storedHalves());
  }

  /** The open transaction that a half-message belongs to; null when there is none. */
  public @Nullable OpenTransaction find(long id) {
    Escrow escrow = book.byId.find(id);
    return escrow == null || escrow.leader().isDecided()
        ? null
        : OpenTransaction.of(escrow.leader(), book.clockIsAhead);
  }

  /** What was decided lately about the transaction that a half-message belongs to. */
  public @Nullable Decision decision(long id) {
    Escrow escrow = book.byId.find(id);
    return escrow == null || !escrow.leader().isDecided()
        ? null
        : escrow.leader().decision();
  }

  /**
   * Open transactions, oldest first. Costs a look at each that is open and not on a page before. A page
   * ends early with the transaction that makes its half-messages too many.
   */
  public List<OpenTransaction> list(TransactionFilter wanted) {
    List<OpenTransaction> found = new ArrayList<>();
    int halves = 0;
    Escrow first = firstAfter(wanted.afterId());
    for (Escrow at = first;
        at != null && found.size() < wanted.most() && halves < HALVES_OF_PAGE;
        at = at.younger) {
      if (at.recordedMillis >= wanted.recordedBeforeMillis()) {
        break;
      }
      if (at.id > wanted.afterId()
          && (wanted.group() == null || wanted.group().equals(at.group.name))
          && (!wanted.suspendedOnly() || at.state == Escrow.State.SUSPENDED)) {
        found.add(OpenTransaction.of(at, book.clockIsAhead));
        halves += EscrowBook.halvesOf(at).size();
      }
    }
    return found;
  }

  // Where the page before ended, unless that is decided meanwhile.
  private @Nullable Escrow firstAfter(long id) {
    Escrow last = book.byId.find(id);
    return last == null || last.leader() != last || last.isDecided()
        ? book.open.oldest()
        : last.younger;
  }

  /**
   * Half-messages in escrow that lie before a position, in their order: they are recorded again before
   * their segment goes. Costs a look at each that is found.
   */
  public List<StoredHalf> storedBefore(long position, int most) {
    List<StoredHalf> found = new ArrayList<>();
    for (Escrow at = book.places.first();
        at != null && at.position < position && found.size() < most;
        at = at.placeAfter) {
      found.add(at.stored());
    }
    return found;
  }

  /**
   * The length of the longest record that holds a half-message in escrow, or 0. It need not be exact when
   * it is short enough; else it costs a look at each.
   */
  public int longestRecord(int shortEnough) {
    if (book.longestEver <= shortEnough) {
      return book.longestEver;
    }
    int longest = 0;
    for (Escrow at = book.places.first(); at != null; at = at.placeAfter) {
      longest = Math.max(longest, at.bytes);
    }
    return longest;
  }

  /** Where the first record lies that holds a half-message in escrow. */
  public long oldestPosition() {
    Escrow first = book.places.first();
    return first == null ? Long.MAX_VALUE : first.position;
  }

  // Time

  /**
   * By how much the clock that facts are stamped with is ahead of the ticks now. The caller says so
   * whenever it may have changed, before a fact that has a time and before a tick.
   */
  public void clockIsAhead(long millis) {
    book.clockIsAhead = millis;
  }

  /**
   * After a restart, when it is known how far the clock is ahead: no check is further ahead than the
   * schedule allows. Those that are were scheduled by a clock that was ahead of the one that holds now, or by
   * another schedule. No fact: what was recorded stays as it is.
   */
  public void boundChecks(long nowMillis) {
    for (Escrow at = book.open.oldest(); at != null; at = at.younger) {
      if (at.state == Escrow.State.IN_DOUBT && at.timeMillis != Half.NEVER) {
        long longest = at.checks == 0
            ? Math.max(0, at.timeMillis - at.recordedMillis)
            : schedule.pauseAfter(at.checks);
        long due = Math.min(at.timeMillis, nowMillis + longest);
        if (at.dueTick != due - book.clockIsAhead) {
          book.hasten(at, due);
        }
      }
    }
  }

  /** The tick at which {@link #onTick} wants to be called next; {@code Long.MAX_VALUE} when never. */
  public long nextTick() {
    return Math.min(book.wheel.nextTick(), book.asking.nextTick());
  }

  /**
   * What is due: producers to be asked, transactions that used up their checks. Costs what is due,
   * not what is open. Due exactly now is due. Each stays due until a fact is applied that follows
   * from it, or {@link #noProducer} says that there is no producer to ask.
   */
  public List<Effect> onTick(long tick) {
    book.wheel.advance(tick, book::becomeDue);
    List<Effect> effects = new ArrayList<>();
    for (int looks = 0; looks < EFFECTS_AT_ONCE && effects.size() < EFFECTS_AT_ONCE; looks++) {
      GroupLedger group = book.asking.poll(tick);
      if (group == null) {
        break;
      }
      List<Escrow> due = group.due(ASKED_AT_ONCE);
      if (!due.isEmpty()) { // else all is decided that was due
        due.forEach(escrow -> effects.add(effectOf(escrow, tick + book.clockIsAhead)));
        group.nextAskTick = tick + ASK_EVERY_MILLIS;
        book.asking.add(group);
      }
    }
    return effects;
  }

  private Effect effectOf(Escrow escrow, long nowMillis) {
    boolean isSuspended = escrow.state == Escrow.State.SUSPENDED;
    if (escrow.checks >= schedule.maxChecks() && !isSuspended) {
      return new Effect.Exhaustion(escrow.id, escrow.group.name);
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
    Escrow escrow = book.openLeader(id);
    EscrowBook.unlist(escrow);
    escrow.group.cannotAsk(escrow);
  }

  /** A producer of the group is here: what waited for one is due, and so is what was suspended. */
  public void producerCame(String name) {
    GroupLedger group = book.groups.get(name);
    if (group != null) {
      book.allBecomeDue(group);
    }
  }

  /** When a half-message may first be asked about, unless it names a time itself. */
  public long firstCheckAfterMillis() {
    return schedule.firstMillis();
  }

  /** How much is in escrow now. The log loop only. */
  public EscrowFigures count() {
    return book.figures();
  }

  // Image

  /** Begins an image of what facts have made of it, for {@link #restore}. */
  public CoordinatorImage beginImage() {
    return book.beginImage();
  }

  /** Becomes what an image wrote; before the first fact. */
  public void restore(DataInput in) throws IOException {
    book.restore(in);
  }
}
