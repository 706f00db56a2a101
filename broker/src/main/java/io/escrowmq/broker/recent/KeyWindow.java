package io.escrowmq.broker.recent;

import java.io.DataInput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The unique keys of a topic's latest messages, and where each message is. The oldest is forgotten
 * first. Owner: the log loop.
 *
 * <p>A ring of entries in the order of the log, and a table that finds them: 56 bytes an entry when full,
 * no object for any. Both grow without moving more than a part of them at a time.
 */
final class KeyWindow {

  private static final int FEWEST = 16; // entries that there is room for at first
  private static final int BYTES_A_PLACE = 40 + 16; // in the ring and in the table
  private static final int FIXED_BYTES =
      336; // objects, arrays' headers, what a topic takes in maps

  /** What a window takes that has a few keys. */
  static final int LEAST_BYTES = FIXED_BYTES + FEWEST * BYTES_A_PLACE;

  private final int most;
  private final long salt;
  private KeyRing ring = new KeyRing(FEWEST);
  private KeyTable table = new KeyTable(FEWEST);
  private int size;
  private long forgotten; // entries so far: the number of the oldest one
  private @Nullable WindowImage image; // that is not whole
  long imaged; // the image of all windows that has looked at it, or that was begun before it came

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
    return FIXED_BYTES + (long) ring.places() * BYTES_A_PLACE;
  }

  /** How much more it takes when it grows for its next entry; 0 when it need not. */
  long growthBytes() {
    return size == ring.places() && size < most ? (long) ring.places() * BYTES_A_PLACE : 0;
  }

  /**
   * Remembers a message; replaces an earlier one with the same key.
   *
   * @param mayGrow whether there is memory for it; the oldest is forgotten otherwise
   * @return how many others had to be moved for it
   */
  int add(UniqueKey key, long position, int queueId, long queueOffset, boolean mayGrow) {
    int hash = key.hash(salt);
    int moved = 0;
    long number = table.find(hash, key, ring, forgotten);
    if (number < 0) {
      if (size == most || (size == ring.places() && !mayGrow)) {
        forgetOldest();
      } else if (size == ring.places()) {
        moved += ring.grow(forgotten);
      }
      number = forgotten + size;
      ring.key(number, key);
      size++;
      moved += table.add(hash, number);
    } else if (image != null) {
      image.changes(number);
    }
    ring.message(number, position, queueId, queueOffset);
    return moved;
  }

  /** The number of the message with this key; -1 when there is none. */
  long find(UniqueKey key) {
    return table.find(key.hash(salt), key, ring, forgotten);
  }

  long position(long number) {
    return ring.position(number);
  }

  int queueId(long number) {
    return ring.queueId(number);
  }

  long queueOffset(long number) {
    return ring.queueOffset(number);
  }

  void forgetOldest() {
    if (image != null) {
      image.forgets(forgotten);
    }
    UniqueKey oldest = new UniqueKey(ring.high(forgotten), ring.low(forgotten));
    table.remove(oldest.hash(salt), forgotten);
    forgotten++;
    size--;
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
    return ring.places();
  }

  /** The number of the oldest entry: they are numbered as they came. */
  long firstNumber() {
    return forgotten;
  }

  WindowImage.Entry entry(long number) {
    return new WindowImage.Entry(
        ring.high(number),
        ring.low(number),
        ring.position(number),
        ring.queueId(number),
        ring.queueOffset(number));
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
    if (useful > ring.places()) {
      ring = new KeyRing(useful);
      table = new KeyTable(useful);
    }
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      UniqueKey key = new UniqueKey(in.readLong(), in.readLong());
      add(key, in.readLong(), in.readInt(), in.readLong(), true);
    }
  }
}
