package io.escrowmq.broker.delay;

import java.util.Arrays;

/**
 * Slots by the positions of their messages. Open addressing with linear probing, in parts that grow each
 * for itself, so that no turn of the log has to move a million entries. Owner: the log loop.
 */
final class SlotTable {

  /** Where the message of a slot lies. */
  @FunctionalInterface
  interface Positions {
    long of(int slot);
  }

  private static final int PART_BITS = 8;
  private static final int PARTS = 1 << PART_BITS;
  private static final int FIRST_ROOM = 8; // of a part; a power of two

  private final Positions positions;
  private final int[][] parts = new int[PARTS][FIRST_ROOM]; // slot + 1
  private final int[] sizes = new int[PARTS];

  SlotTable(Positions positions) {
    this.positions = positions;
  }

  /** The slot of the message at a position; -1 when there is none. */
  int find(long position) {
    long hash = hash(position);
    int[] part = parts[number(hash)];
    int mask = part.length - 1;
    for (int i = home(hash, mask); part[i] != 0; i = (i + 1) & mask) {
      int slot = part[i] - 1;
      if (positions.of(slot) == position) {
        return slot;
      }
    }
    return -1;
  }

  /** Adds a slot; answers how many others had to be moved for it. */
  int add(int slot) {
    long hash = hash(positions.of(slot));
    int number = number(hash);
    int moved = 0;
    if ((sizes[number] + 1) * 2 > parts[number].length) {
      moved = sizes[number];
      resize(number, parts[number].length * 2);
    }
    put(slot, hash, parts[number]);
    sizes[number]++;
    return moved;
  }

  /** Removes a slot, whose message still lies where it did. */
  void remove(int slot) {
    long hash = hash(positions.of(slot));
    int number = number(hash);
    int[] part = parts[number];
    int mask = part.length - 1;
    int hole = home(hash, mask);
    while (part[hole] != slot + 1) {
      hole = (hole + 1) & mask;
    }
    closeGap(part, hole);
    sizes[number]--;
  }

  // Moves up those behind the hole that may lie there, so that a search never ends too early.
  private void closeGap(int[] part, int from) {
    int mask = part.length - 1;
    int hole = from;
    for (int i = (hole + 1) & mask; part[i] != 0; i = (i + 1) & mask) {
      int home = home(hash(positions.of(part[i] - 1)), mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        part[hole] = part[i];
        hole = i;
      }
    }
    part[hole] = 0;
  }

  private void resize(int number, int room) {
    int[] part = new int[room];
    Arrays.stream(parts[number])
        .filter(entry -> entry != 0)
        .forEach(entry -> put(entry - 1, hash(positions.of(entry - 1)), part));
    parts[number] = part;
  }

  private static void put(int slot, long hash, int[] part) {
    int mask = part.length - 1;
    int i = home(hash, mask);
    while (part[i] != 0) {
      i = (i + 1) & mask;
    }
    part[i] = slot + 1;
  }

  // Positions are multiples of eight, at similar distances.
  private static long hash(long position) {
    return position * 0x9E37_79B9_7F4A_7C15L;
  }

  private static int number(long hash) {
    return (int) (hash >>> (Long.SIZE - PART_BITS));
  }

  private static int home(long hash, int mask) {
    return (int) (hash >>> 32) & mask;
  }
}
