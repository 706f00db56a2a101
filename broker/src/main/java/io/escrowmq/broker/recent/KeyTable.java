package io.escrowmq.broker.recent;

/**
 * Numbers of rows by the hashes of their keys. Open addressing with linear probing; the hashes stand
 * beside the numbers, so that rows, which are far away in memory, are looked at for the key that is sought
 * and hardly for another. A large table is in parts that grow each for itself, so that no turn of the log
 * has to move a million entries. Owner: the log loop.
 */
final class KeyTable {

  private static final int UNDIVIDED = 1 << 12; // entries that a table of one part has at most
  private static final int PART_BITS = 6;
  private static final int PARTS = 1 << PART_BITS;
  private static final long EMPTY = 0;
  private static final int FULL = 1 << 25; // a bit of hashes that says neither part nor slot

  private long[][] parts; // hash, and in the low half the number's low half
  private int[] sizes;

  /** @param room for so many entries at first; a power of two */
  KeyTable(int room) {
    int count = room > UNDIVIDED ? PARTS : 1;
    parts = new long[count][2 * room / count];
    sizes = new int[count];
  }

  /**
   * The number of the row with a key; -1 when there is none.
   *
   * @param first the number of the oldest row
   */
  long find(int hash, UniqueKey key, KeyRing ring, long first) {
    long[] part = parts[number(hash)];
    int mask = part.length - 1;
    int wanted = hash | FULL;
    for (int slot = hash & mask; part[slot] != EMPTY; slot = (slot + 1) & mask) {
      if (hashIn(part[slot]) == wanted) {
        long number = first + ((int) part[slot] - (int) first);
        if (ring.high(number) == key.high() && ring.low(number) == key.low()) {
          return number;
        }
      }
    }
    return -1;
  }

  private int number(int hash) {
    return parts.length == 1 ? 0 : hash >>> (Integer.SIZE - PART_BITS);
  }

  private static int hashIn(long entry) {
    return (int) (entry >>> 32);
  }

  /** Adds the number of a row; answers how many others had to be moved for it. */
  int add(int hash, long number) {
    int moved = 0;
    if (parts.length == 1 && sizes[0] == UNDIVIDED) {
      moved += divide();
    }
    int part = number(hash);
    if ((sizes[part] + 1) * 8L > parts[part].length * 5L) {
      moved += sizes[part];
      parts[part] = copied(parts[part], 2 * parts[part].length);
    }
    put(parts[part], hash, (long) (hash | FULL) << 32 | (number & 0xFFFF_FFFFL));
    sizes[part]++;
    return moved;
  }

  private int divide() {
    long[] whole = parts[0];
    parts = new long[PARTS][2 * UNDIVIDED / PARTS];
    sizes = new int[PARTS];
    for (long entry : whole) {
      if (entry != EMPTY) {
        add(hashIn(entry), entry);
      }
    }
    return UNDIVIDED;
  }

  private static long[] copied(long[] part, int slots) {
    long[] wider = new long[slots];
    for (long entry : part) {
      if (entry != EMPTY) {
        put(wider, hashIn(entry), entry);
      }
    }
    return wider;
  }

  private static void put(long[] part, int hash, long entry) {
    int mask = part.length - 1;
    int slot = hash & mask;
    while (part[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    part[slot] = entry;
  }

  /** Removes the number of a row; it is here. */
  void remove(int hash, long number) {
    int index = number(hash);
    long[] part = parts[index];
    int mask = part.length - 1;
    int gap = hash & mask;
    while (part[gap] == EMPTY || (int) part[gap] != (int) number) {
      if (part[gap] == EMPTY) {
        throw new IllegalStateException("the table has no row " + number);
      }
      gap = (gap + 1) & mask;
    }
    closeGap(part, gap);
    sizes[index]--;
  }

  // Whoever stands behind it and belongs at or before it moves up.
  private static void closeGap(long[] part, int from) {
    int mask = part.length - 1;
    int gap = from;
    for (int slot = (gap + 1) & mask; part[slot] != EMPTY; slot = (slot + 1) & mask) {
      int home = hashIn(part[slot]) & mask;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        part[gap] = part[slot];
        gap = slot;
      }
    }
    part[gap] = EMPTY;
  }
}
