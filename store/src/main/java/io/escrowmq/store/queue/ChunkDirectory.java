package io.escrowmq.store.queue;

import java.util.Arrays;

/**
 * Where the sealed chunks of one queue lie, in order of queue offset. Immutable as seen: the array
 * behind it is shared with older directories and only written beyond their end, by the one owner
 * that extends the newest.
 */
final class ChunkDirectory {

  static final ChunkDirectory EMPTY = new ChunkDirectory(new long[0], 0, 0);

  private static final int WORDS = 3; // first offset, address, highest position

  private final long[] words;
  private final int from;
  private final int to;

  private ChunkDirectory(long[] words, int from, int to) {
    this.words = words;
    this.from = from;
    this.to = to;
  }

  int size() {
    return to - from;
  }

  long firstOffset(int index) {
    return words[(from + index) * WORDS];
  }

  long address(int index) {
    return words[(from + index) * WORDS + 1];
  }

  /** The highest log position in the chunk: when that is gone, the whole chunk is. */
  long highestPosition(int index) {
    return words[(from + index) * WORDS + 2];
  }

  /** Whether no entry of the chunk has a message, as it was lost before the chunk was sealed. */
  boolean isLost(int index) {
    return !Entry.hasMessage(highestPosition(index));
  }

  /** The chunk that holds this offset, which must not lie before the first chunk. */
  int indexOf(long offset) {
    int low = 0;
    int high = size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstOffset(middle) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** This directory and one chunk more. Only the newest directory of a queue may be extended. */
  ChunkDirectory plus(long firstOffset, long address, long highestPosition) {
    if (to * WORDS < words.length) {
      return put(words, from, to, firstOffset, address, highestPosition);
    }
    int size = size();
    long[] wider = new long[Math.max(4, size * 2) * WORDS];
    System.arraycopy(words, from * WORDS, wider, 0, size * WORDS);
    return put(wider, 0, size, firstOffset, address, highestPosition);
  }

  private static ChunkDirectory put(
      long[] words, int from, int to, long firstOffset, long address, long highestPosition) {
    words[to * WORDS] = firstOffset;
    words[to * WORDS + 1] = address;
    words[to * WORDS + 2] = highestPosition;
    return new ChunkDirectory(words, from, to + 1);
  }

  /** Without the leading chunks that lie below the position as a whole. */
  ChunkDirectory withoutBelow(long position) {
    int keep = from;
    while (keep < to && words[keep * WORDS + 2] < position) {
      keep++;
    }
    if (keep == from) {
      return this;
    }
    if (keep == to) {
      return EMPTY;
    }
    // half of the array would be dead: give it back
    return keep * 2 > words.length / WORDS
        ? new ChunkDirectory(Arrays.copyOfRange(words, keep * WORDS, to * WORDS), 0, to - keep)
        : new ChunkDirectory(words, keep, to);
  }
}
