package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/**
 * Half-messages by a hash. Open addressing with linear probing: 8 to 16 bytes an entry, where a map
 * takes 60 and more. In parts that grow each for itself, so that no turn of the log has to move a
 * million entries: one part is a 256th of them. Owner: the coordinator.
 */
abstract class ProbeTable {

  private static final int PARTS = 1 << 8;
  private static final int FIRST_ROOM = 32; // of a part; a power of two, as all that follow

  private final @Nullable Escrow[][] parts = new Escrow[PARTS][FIRST_ROOM];
  private final int[] sizes = new int[PARTS];

  /** Where an entry belongs: all bits are spread well, and it never changes. */
  abstract long hash(Escrow escrow);

  /** The part in which one with this hash is, from {@link #home} on, and before the first gap. */
  final @Nullable Escrow[] part(long hash) {
    return parts[number(hash)];
  }

  private static int number(long hash) {
    return (int) (hash >>> 56);
  }

  static int home(long hash, @Nullable Escrow[] part) {
    return (int) (hash >>> 32) & (part.length - 1);
  }

  /** Adds one that is not there. */
  final void add(Escrow escrow) {
    long hash = hash(escrow);
    int number = number(hash);
    if ((sizes[number] + 1) * 2 > parts[number].length) {
      resize(number, parts[number].length * 2);
    }
    put(escrow, hash, parts[number]);
    sizes[number]++;
  }

  final void remove(Escrow escrow) {
    long hash = hash(escrow);
    int number = number(hash);
    @Nullable Escrow[] part = parts[number];
    int mask = part.length - 1;
    int hole = home(hash, part);
    while (part[hole] != escrow) {
      if (part[hole] == null) {
        throw new IllegalStateException(escrow.id + " is not here");
      }
      hole = (hole + 1) & mask;
    }
    closeGap(hole, part);
    sizes[number]--;
    if (part.length > FIRST_ROOM && sizes[number] * 8 < part.length) {
      resize(number, part.length / 2);
    }
  }

  // Moves up those behind the hole that may lie there, so that a search never ends too early.
  private void closeGap(int from, @Nullable Escrow[] part) {
    int mask = part.length - 1;
    int hole = from;
    for (int i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      Escrow next = part[i];
      if (next == null) {
        break;
      }
      int home = home(hash(next), part);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        part[hole] = next;
        hole = i;
      }
    }
    part[hole] = null;
  }

  private void resize(int number, int room) {
    @Nullable Escrow[] old = parts[number];
    @Nullable Escrow[] part = new Escrow[room];
    for (Escrow escrow : old) {
      if (escrow != null) {
        put(escrow, hash(escrow), part);
      }
    }
    parts[number] = part;
  }

  private static void put(Escrow escrow, long hash, @Nullable Escrow[] part) {
    int mask = part.length - 1;
    int i = home(hash, part);
    while (part[i] != null) {
      i = (i + 1) & mask;
    }
    part[i] = escrow;
  }
}
