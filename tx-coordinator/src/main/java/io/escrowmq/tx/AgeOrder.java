package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/** Transactions from the oldest to the youngest, linked through themselves. Owner: the coordinator. */
final class AgeOrder {

  private @Nullable Escrow oldest;
  private @Nullable Escrow youngest;
  private int size;

  @Nullable
  Escrow oldest() {
    return oldest;
  }

  @Nullable
  Escrow youngest() {
    return youngest;
  }

  int size() {
    return size;
  }

  /** Adds one that is younger than all. */
  void add(Escrow escrow) {
    escrow.older = youngest;
    if (youngest == null) {
      oldest = escrow;
    } else {
      youngest.younger = escrow;
    }
    youngest = escrow;
    size++;
  }

  void remove(Escrow escrow) {
    if (escrow.older == null) {
      oldest = escrow.younger;
    } else {
      escrow.older.younger = escrow.younger;
    }
    if (escrow.younger == null) {
      youngest = escrow.older;
    } else {
      escrow.younger.older = escrow.older;
    }
    escrow.older = null;
    escrow.younger = null;
    size--;
  }
}
