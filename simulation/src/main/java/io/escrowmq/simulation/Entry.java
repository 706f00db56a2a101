package io.escrowmq.simulation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One message, from before it was sent. What is known of it is written by the ledger only. */
final class Entry {

  /** The broker or the queue of a message that may go to any. */
  static final int ANY = -1;

  /** What a message is. */
  enum Kind {
    PLAIN,
    DELAYED,
    HALF
  }

  final String id;
  final Kind kind;
  final String topic;
  final int queueId;
  int broker; // to which it was sent, or the last one that acknowledged it
  final @Nullable Deal deal; // of half-messages

  /** In the same queue a message was acknowledged here before this one was sent. */
  long behind;

  final long earliestNanos; // that anybody may see it, if it is delayed and clocks are right

  boolean isAcknowledged;
  boolean wasSentInCalm; // nothing stood between it and the broker then
  long acknowledgedNanos; // when it was
  long goneNanos = Long.MAX_VALUE; // since when its topic is deleted
  boolean isHandled; // by the shop
  boolean mayStandTwice; // what was sent before may be forgotten when it comes again
  long position = -1; // that its sender was told, in the log of that broker

  long seenFromNanos; // it may be
  long[] seenFromLogEnds = {}; // where the newest segment of each broker began then

  @Nullable
  Place place; // that its sender was told, or where it was seen

  long placeNanos; // since when it is known

  long pulledNanos = -1; // when it was last read from its queue

  @Nullable
  String shownBy; // the first request that showed it

  int shownOn = ANY; // this broker

  long shownNanos; // when it did

  Entry(String id, Kind kind, Queue queue, @Nullable Deal deal, long behind, long earliestNanos) {
    this.id = id;
    this.kind = kind;
    this.topic = queue.topic();
    this.queueId = queue.queueId();
    this.broker = queue.broker();
    this.deal = deal;
    this.behind = behind;
    this.earliestNanos = earliestNanos;
  }

  /** It may be visible from now on, and not before: the logs go to about here. */
  void mayBeSeen(long nanos, long[] logEnds) {
    if (seenFromNanos == 0) {
      seenFromNanos = nanos;
      seenFromLogEnds = logEnds;
    }
  }

  /** What was told of it later than this may be so no more. */
  void forget(long safeNanos) {
    behind = -1;
    if (isAcknowledged && acknowledgedNanos >= safeNanos) {
      isAcknowledged = false;
      position = -1;
    }
    if (shownBy != null && shownNanos >= safeNanos) {
      shownBy = null;
    }
    if (place != null && placeNanos >= safeNanos) {
      place = null;
    }
    if (goneNanos != Long.MAX_VALUE && goneNanos >= safeNanos) {
      goneNanos = Long.MAX_VALUE;
    }
  }

  /** Whether anybody may see it. */
  boolean mayBeVisible() {
    return deal == null || deal.mayBeCommitted();
  }

  /** Whether everybody must see it, sooner or later. */
  boolean mustBecomeVisible() {
    return shownBy != null || (isAcknowledged && (deal == null || deal.isCommitted()));
  }

  /** Whether everybody must see it now on this broker. */
  boolean mustBeVisible(int on) {
    return (shownBy != null && shownOn == on)
        || (isAcknowledged && broker == on && kind == Kind.PLAIN);
  }

  /** The broker that is most likely to have it. */
  int likelyBroker() {
    return shownBy != null ? shownOn : Math.max(0, broker);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " message " + id
        + (deal == null ? "" : " of " + deal.name);
  }
}
