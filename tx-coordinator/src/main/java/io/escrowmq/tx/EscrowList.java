package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/** Transactions in a row, linked through themselves. Owner: the coordinator. */
final class EscrowList {

  private @Nullable Escrow first;
  private @Nullable Escrow last;

  @Nullable
  Escrow first() {
    return first;
  }

  boolean isEmpty() {
    return first == null;
  }

  void add(Escrow escrow) {
    if (escrow.list != null) {
      throw new IllegalStateException(escrow.id + " is in a list already");
    }
    escrow.list = this;
    escrow.before = last;
    if (last == null) {
      first = escrow;
    } else {
      last.after = escrow;
    }
    last = escrow;
  }

  void remove(Escrow escrow) {
    if (escrow.list != this) {
      throw new IllegalStateException(escrow.id + " is not in this list");
    }
    if (escrow.before == null) {
      first = escrow.after;
    } else {
      escrow.before.after = escrow.after;
    }
    if (escrow.after == null) {
      last = escrow.before;
    } else {
      escrow.after.before = escrow.before;
    }
    escrow.before = null;
    escrow.after = null;
    escrow.list = null;
  }
}
