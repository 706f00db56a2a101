package io.escrowmq.store.queue;

import java.util.Arrays;

/** Makes room in the tail of a queue: by a larger array, or by sealing what is in it. The log loop only. */
final class QueueTail {

  private static final int FIRST_ROOM = 2; // entries: a little used queue is little
  private static final int ROOM_AFTER_SEAL = 32;

  private QueueTail() {}

  /** The same entries, with room for more. Beyond a chunk's entries there are more only until the turn ends. */
  static Shape grown(Shape now, int count, int chunkEntries) {
    int wider = count < chunkEntries
        ? Math.min(Math.max(FIRST_ROOM, count * 2), chunkEntries)
        : count + Math.max(FIRST_ROOM, count / 2);
    return new Shape(now.chunks, now.tailFirst, Arrays.copyOf(now.tail, wider * Entry.WORDS));
  }

  /**
   * The same entries, after what is long enough of the tail was sealed, chunk by chunk. What cannot be written stays
   * in memory. It is done when a turn ends, and not where an entry is appended: there a dozen calls
   * lie on one another already.
   */
  static Shape sealed(Sealing sealing, Shape now, int count) {
    ChunkDirectory chunks = now.chunks;
    int from = 0;
    while (count - from >= sealing.sealAt() && sealing.tries()) {
      int to = Math.min(count, from + sealing.chunkEntries());
      long[] words = words(now, from, to);
      long highest = highestPosition(words);
      long address = sealing.seal(now.tailFirst + from, words, to - from, highest);
      if (address == Chunks.NO_ROOM) {
        break;
      }
      chunks = chunks.plus(now.tailFirst + from, address, highest);
      from = to;
    }
    if (from == 0) {
      return now;
    }
    int room = sealing.isShortOfMemory() ? FIRST_ROOM : ROOM_AFTER_SEAL;
    int to = from + Math.max(count - from, room);
    return new Shape(chunks, now.tailFirst + from, words(now, from, to));
  }

  private static long[] words(Shape shape, int from, int to) {
    return Arrays.copyOfRange(shape.tail, from * Entry.WORDS, to * Entry.WORDS);
  }

  private static long highestPosition(long[] words) {
    long highest = -1;
    for (int at = Entry.POSITION; at < words.length; at += Entry.WORDS) {
      highest = Math.max(highest, words[at]);
    }
    return highest;
  }
}
