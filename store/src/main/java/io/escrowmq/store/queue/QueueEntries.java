package io.escrowmq.store.queue;

/**
 * A run of entries of one queue, in order of queue offset; filled by {@link ConsumeQueue#read} and
 * used again and again. Owner: one reader.
 *
 * <p>An entry may point below the log's start: a message that was long in escrow lies at an older
 * position than its neighbours, so retention takes it earlier. The log then answers {@code null}
 * for its position, and the reader goes on with the next one.
 */
public final class QueueEntries {

  private final long[] words;
  private long firstOffset;
  private int count;

  /** Room for this many entries; positive. */
  public QueueEntries(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity " + capacity + " is not positive");
    }
    this.words = new long[capacity * Entry.WORDS];
  }

  public int capacity() {
    return words.length / Entry.WORDS;
  }

  public int count() {
    return count;
  }

  /** The queue offset of entry {@code index}. */
  public long offset(int index) {
    return firstOffset + index;
  }

  /**
   * Whether entry {@code index} has a message. False: it was lost, and whoever made the queue again
   * kept its offset; readers go on with the next one, as behind what retention took.
   */
  public boolean hasMessage(int index) {
    return Entry.hasMessage(position(index));
  }

  /** Where the record of entry {@code index} begins in the log. */
  public long position(int index) {
    return words[at(index) + Entry.POSITION];
  }

  /** When entry {@code index} was stored, in milliseconds since 1970. */
  public long storeTimeMillis(int index) {
    return words[at(index) + Entry.TIME];
  }

  /** The length in bytes of the record of entry {@code index}. */
  public int recordLength(int index) {
    return Entry.recordLength(words[at(index) + Entry.LENGTH_AND_TAG]);
  }

  /** The hash of the tag of entry {@code index}; 0 when it has none. */
  public int tagCode(int index) {
    return Entry.tagCode(words[at(index) + Entry.LENGTH_AND_TAG]);
  }

  void clear(long firstOffset) {
    this.firstOffset = firstOffset;
    this.count = 0;
  }

  void add(long[] from, int index, int entries) {
    System.arraycopy(from, index * Entry.WORDS, words, count * Entry.WORDS, entries * Entry.WORDS);
    count += entries;
  }

  private int at(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("entry " + index + " of " + count);
    }
    return index * Entry.WORDS;
  }
}
