package io.escrowmq.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction: half-messages that become visible together or never. */
class Deal {

  /** When its producers report how it ended. */
  enum ReportTime {
    SOON,
    /** By a check only: its producer has forgotten it. */
    WHEN_ASKED,
    /** When all else is over: until then nobody can tell. */
    LATE
  }

  final String name;
  final String group;
  final int broker; // that has its half-messages

  /** What its producers say, but for the confused one now and then. */
  final boolean commits;

  final boolean isNamed; // in its half-messages
  final ReportTime reportTime;
  final List<Entry> entries = new ArrayList<>();
  private boolean commitWasReported;
  private int reports;
  private boolean tooOld;
  private @Nullable Boolean verdict; // as the broker told it, or as was seen
  private long verdictNanos; // when it was

  Deal(
      String name,
      String group,
      int broker,
      boolean commits,
      boolean isNamed,
      ReportTime reportTime) {
    this.name = name;
    this.group = group;
    this.broker = broker;
    this.commits = commits;
    this.isNamed = isNamed;
    this.reportTime = reportTime;
  }

  boolean isOfShop() {
    return broker == Entry.ANY;
  }

  /** Somebody reports; false when somebody did before. */
  boolean reported(boolean commit) {
    commitWasReported |= commit;
    reports++;
    return reports == 1;
  }

  /** The broker has told, or shown, how it ended. */
  void ended(boolean committed, String by, long nanos) {
    Boolean before = verdict;
    if (before != null && before != committed) {
      throw new Violation("%s was %s, and now %s says that it was %s"
          .formatted(this, word(before), by, word(committed)));
    }
    if (committed && !commitWasReported) {
      throw new Violation(
          "%s says that %s was committed, which nobody asked for".formatted(by, this));
    }
    verdictNanos = before == null ? nanos : verdictNanos;
    verdict = committed;
  }

  /** What was told of it later than this may be so no more; true when it may be open again. */
  boolean forget(long safeNanos) {
    if (verdict == null || verdictNanos < safeNanos) {
      return false;
    }
    verdict = null;
    return true;
  }

  private static String word(boolean committed) {
    return committed ? "committed" : "rolled back";
  }

  boolean mayBeCommitted() {
    return commitWasReported && (verdict == null || verdict);
  }

  boolean isCommitted() {
    return verdict != null && verdict;
  }

  /** The broker knows nothing of it any more, and may: its decision is too old. */
  void isTooOld() {
    tooOld = true;
  }

  boolean isEnded() {
    return verdict != null || tooOld;
  }

  /** One that its sender knows to be stored; null when there is none. */
  @Nullable
  Entry stored() {
    for (Entry entry : entries) {
      if (entry.isAcknowledged) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return "the transaction " + name;
  }
}
