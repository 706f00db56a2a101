package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/**
 * Half-messages by id. Open addressing with linear probing: 8 to 16 bytes an entry, where a map of
 * boxed keys takes 60. Owner: the coordinator.
 */
final class EscrowTable {

  private static final int FIRST_ROOM = 1024; // a power of two, as all that follow

  private @Nullable Escrow[] slots = new Escrow[FIRST_ROOM];
  private int size;

  @Nullable
  Escrow find(long id) {
    int mask = slots.length - 1;
    for (int i = home(id, mask); ; i = (i + 1) & mask) {
      Escrow found = slots[i];
      if (found == null || found.id == id) {
        return found;
      }
    }
  }

  /** Adds one whose id is not there. */
  void add(Escrow escrow) {
    if ((size + 1) * 2 > slots.length) {
      resize(slots.length * 2);
    }
    put(escrow);
    size++;
  }

  void remove(Escrow escrow) {
    int mask = slots.length - 1;
    int hole = home(escrow.id, mask);
    while (slots[hole] != escrow) {
      if (slots[hole] == null) {
        throw new IllegalStateException(escrow.id + " is not here");
      }
      hole = (hole + 1) & mask;
    }
    closeGap(hole, mask);
    size--;
    if (slots.length > FIRST_ROOM && size * 8 < slots.length) {
      resize(slots.length / 2);
    }
  }

  // Moves up those behind the hole that may lie there, so that a search never ends too early.
  private void closeGap(int from, int mask) {
    int hole = from;
    for (int i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      Escrow next = slots[i];
      if (next == null) {
        break;
      }
      int home = home(next.id, mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        slots[hole] = next;
        hole = i;
      }
    }
    slots[hole] = null;
  }

  private void resize(int room) {
    @Nullable Escrow[] old = slots;
    slots = new Escrow[room];
    for (Escrow escrow : old) {
      if (escrow != null) {
        put(escrow);
      }
    }
  }

  private void put(Escrow escrow) {
    int mask = slots.length - 1;
    int i = home(escrow.id, mask);
    while (slots[i] != null) {
      i = (i + 1) & mask;
    }
    slots[i] = escrow;
  }

  // Ids are positions: multiples of eight, at similar distances.
  private static int home(long id, int mask) {
    long mixed = id * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed >>> 32) & mask;
  }
}
