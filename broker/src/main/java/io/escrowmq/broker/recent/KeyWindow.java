package io.escrowmq.broker.recent;

import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The unique keys of a topic's latest messages, and where each message is. The oldest is forgotten
 * first. Owner: the log loop.
 *
 * <p>A ring of entries in the order of the log, and a table with linear probing that finds them: 52
 * bytes an entry when full, no object for any. The table has the keys' hashes, so that the ring, which
 * is far away in memory, is looked at for the key that is sought and hardly for another.
 */
final class KeyWindow {

  private static final int FEWEST = 16; // entries that there is room for at first
  private static final int BYTES_A_PLACE = 36 + 16; // in the ring and in the table
  private static final int FIXED_BYTES = 400; // arrays' headers, and what a topic takes in maps

  /** What a window takes that has a few keys. */
  static final int LEAST_BYTES = FIXED_BYTES + FEWEST * BYTES_A_PLACE;

  private static final long EMPTY = 0;

  private final int most;
  private final long salt;
  private long[] high = new long[FEWEST];
  private long[] low = new long[FEWEST];
  private long[] positions = new long[FEWEST];
  private long[] queueOffsets = new long[FEWEST];
  private int[] queueIds = new int[FEWEST];
  private long[] table = new long[2 * FEWEST]; // hash, and in the low half the ring's index plus 1
  private int first; // index of the oldest entry
  private int size;
  private long forgotten; // entries so far
  private @Nullable WindowImage image; // that is not whole

  /**
   * @param most entries at most, 1 or more
   * @param salt of the keys' hashes, a secret
   */
  KeyWindow(int most, long salt) {
    this.most = most;
    this.salt = salt;
  }

  int size() {
    return size;
  }

  /** What it takes of memory. */
  long bytes() {
    return FIXED_BYTES + (long) high.length * BYTES_A_PLACE;
  }

  /** How much more it takes when it grows for its next entry; 0 when it need not. */
  long growthBytes() {
    return size == high.length && size < most ? (long) high.length * BYTES_A_PLACE : 0;
  }

  /**
   * Remembers a message; one that has a key of before takes its place.
   *
   * @param mayGrow whether there is memory for it; the oldest is forgotten otherwise
   */
  void add(UniqueKey key, long position, int queueId, long queueOffset, boolean mayGrow) {
    int index = find(key);
    if (index < 0) {
      if (size == most || (size == high.length && !mayGrow)) {
        forgetOldest();
      } else if (size == high.length) {
        grow(2 * high.length);
      }
      index = (first + size) & (high.length - 1);
      high[index] = key.high();
      low[index] = key.low();
      size++;
      enter(key, index);
    } else if (image != null) {
      image.changes(number(index));
    }
    positions[index] = position;
    queueIds[index] = queueId;
    queueOffsets[index] = queueOffset;
  }

  /** The index of the message with this key; -1 when there is none. */
  int find(UniqueKey key) {
    int hash = key.hash(salt);
    int mask = table.length - 1;
    for (int slot = hash & mask; table[slot] != EMPTY; slot = (slot + 1) & mask) {
      int index = (int) table[slot] - 1;
      if (hashIn(slot) == hash && high[index] == key.high() && low[index] == key.low()) {
        return index;
      }
    }
    return -1;
  }

  private int hashIn(int slot) {
    return (int) (table[slot] >>> 32);
  }

  long position(int index) {
    return positions[index];
  }

  int queueId(int index) {
    return queueIds[index];
  }

  long queueOffset(int index) {
    return queueOffsets[index];
  }

  void forgetOldest() {
    if (image != null) {
      image.forgets(forgotten);
    }
    leave(first);
    first = (first + 1) & (high.length - 1);
    forgotten++;
    size--;
  }

  private UniqueKey key(int index) {
    return new UniqueKey(high[index], low[index]);
  }

  private void enter(UniqueKey key, int index) {
    int hash = key.hash(salt);
    int mask = table.length - 1;
    int slot = hash & mask;
    while (table[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    table[slot] = (long) hash << 32 | (index + 1);
  }

  // Closes the gap: whoever stands behind it and belongs at or before it moves up.
  private void leave(int index) {
    int mask = table.length - 1;
    int gap = key(index).hash(salt) & mask;
    while ((int) table[gap] != index + 1) {
      gap = (gap + 1) & mask;
    }
    for (int slot = (gap + 1) & mask; table[slot] != EMPTY; slot = (slot + 1) & mask) {
      int home = hashIn(slot) & mask;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        table[gap] = table[slot];
        gap = slot;
      }
    }
    table[gap] = EMPTY;
  }

  private void grow(int wider) {
    high = unrolled(high, wider);
    low = unrolled(low, wider);
    positions = unrolled(positions, wider);
    queueOffsets = unrolled(queueOffsets, wider);
    int[] ids = Arrays.copyOfRange(queueIds, first, first + wider);
    System.arraycopy(queueIds, 0, ids, queueIds.length - first, first);
    queueIds = ids;
    first = 0;
    table = new long[2 * wider];
    for (int i = 0; i < size; i++) {
      enter(key(i), i);
    }
  }

  // The ring is full: its entries in their order, from index 0 on.
  private long[] unrolled(long[] ring, int wider) {
    long[] copy = Arrays.copyOfRange(ring, first, first + wider);
    System.arraycopy(ring, 0, copy, ring.length - first, first);
    return copy;
  }

  /** Begins an image of what is remembered now; one that was begun before is taken first. */
  WindowImage beginImage() {
    if (image != null) {
      image.take(Integer.MAX_VALUE);
    }
    WindowImage begun = new WindowImage(this);
    image = begun.isWhole() ? null : begun;
    return begun;
  }

  void isWhole(WindowImage taken) {
    image = image == taken ? null : image;
  }

  /** For how many entries there is room now. */
  int places() {
    return high.length;
  }

  /** The number of the oldest entry: they are numbered as they came. */
  long firstNumber() {
    return forgotten;
  }

  private long number(int index) {
    return forgotten + ((index - first) & (high.length - 1));
  }

  WindowImage.Entry entry(long number) {
    int index = (first + (int) (number - forgotten)) & (high.length - 1);
    return new WindowImage.Entry(
        high[index], low[index], positions[index], queueIds[index], queueOffsets[index]);
  }

  /** The ring that has room for as many entries as there may be. */
  private int widest() {
    return Math.max(FEWEST, Integer.highestOneBit(2 * most - 1));
  }

  /** Reads what {@link WindowImage#writeTo} wrote, into a window without entries. */
  void readFrom(DataInput in) throws IOException {
    int places = in.readInt();
    if (places < FEWEST || Integer.bitCount(places) != 1) {
      throw new IOException("a window of " + places + " keys was never written");
    }
    int useful = Math.min(places, widest());
    if (useful > high.length) {
      grow(useful);
    }
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      UniqueKey key = new UniqueKey(in.readLong(), in.readLong());
      add(key, in.readLong(), in.readInt(), in.readLong(), true);
    }
  }
}
