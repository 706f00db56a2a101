package io.escrowmq.simulation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One message, from before it was sent. What is known of it is written by the ledger only. */
final class Entry {

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
  final @Nullable Deal deal; // of half-messages

  /** In the same queue a message was acknowledged here before this one was sent. */
  final long behind;

  final long sentNanos;

  boolean isAcknowledged;
  long position = -1; // that its sender was told

  @Nullable
  Place place; // that its sender was told, or where it was seen

  @Nullable
  String shownBy; // the first request that showed it

  Entry(
      String id,
      Kind kind,
      String topic,
      int queueId,
      @Nullable Deal deal,
      long behind,
      long sentNanos) {
    this.id = id;
    this.kind = kind;
    this.topic = topic;
    this.queueId = queueId;
    this.deal = deal;
    this.behind = behind;
    this.sentNanos = sentNanos;
  }

  /** Whether anybody may see it. */
  boolean mayBeVisible() {
    return deal == null || deal.mayBeCommitted();
  }

  /** Whether everybody must see it, sooner or later. */
  boolean mustBecomeVisible() {
    return shownBy != null || (isAcknowledged && (deal == null || deal.isCommitted()));
  }

  /** Whether everybody must see it now. */
  boolean mustBeVisible() {
    return shownBy != null || (isAcknowledged && kind == Kind.PLAIN);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " message " + id
        + (deal == null ? "" : " of " + deal.name);
  }
}
