package io.escrowmq.tx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Half-messages in escrow by the place where they lie in the log, linked through themselves: those that
 * lie in old segments are found without a look at the others. Owner: the coordinator.
 */
final class PlaceOrder {

  private @Nullable Escrow first;
  private @Nullable Escrow last;

  @Nullable
  Escrow first() {
    return first;
  }

  /** Whether it lies behind all that are here. */
  boolean isBehindAll(Escrow escrow) {
    return last == null || last.position < escrow.position;
  }

  /** Adds one that lies behind all others. */
  void add(Escrow escrow) {
    if (!isBehindAll(escrow)) {
      throw new IllegalArgumentException(
          "the half-message " + escrow.id + " at " + escrow.position + " lies before another");
    }
    escrow.placeBefore = last;
    if (last == null) {
      first = escrow;
    } else {
      last.placeAfter = escrow;
    }
    last = escrow;
  }

  /** Adds those that lie before others, at a restart. */
  void addAll(List<Escrow> others) {
    if (others.isEmpty()) {
      return;
    }
    List<Escrow> all = new ArrayList<>(others);
    for (Escrow at = first; at != null; at = first) {
      remove(at);
      all.add(at);
    }
    all.sort(Comparator.comparingLong(escrow -> escrow.position));
    all.forEach(this::add);
  }

  void remove(Escrow escrow) {
    Escrow before = escrow.placeBefore;
    Escrow after = escrow.placeAfter;
    if (before == null) {
      first = after;
    } else {
      before.placeAfter = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.placeBefore = before;
    }
    escrow.placeBefore = null;
    escrow.placeAfter = null;
  }
}
