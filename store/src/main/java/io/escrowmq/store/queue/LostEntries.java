package io.escrowmq.store.queue;

import io.escrowmq.store.StorageException;
import java.util.Set;
import java.util.function.LongPredicate;

/** Entries of a queue whose message is lost: makes them, and tells which they are. */
final class LostEntries {

  private LostEntries() {}

  /**
   * Takes the message from entries whose record is lost. A chunk that cannot be read is left as it is:
   * it is made again from the log, which does not have them.
   *
   * @param tail the offset behind the last entry
   * @param rewritten takes the numbers of the chunk files that were changed
   * @return how many entries
   */
  static int lose(
      ConsumeQueues owner, Shape now, long tail, LongPredicate isLost, Set<Integer> rewritten) {
    int lost = lose(now.tail, (int) (tail - now.tailFirst), isLost);
    for (int chunk = 0; chunk < now.chunks.size(); chunk++) {
      if (now.chunks.highestPosition(chunk) >= owner.forgottenBefore()) {
        lost += lose(owner, now, chunk, isLost, rewritten);
      }
    }
    return lost;
  }

  private static int lose(
      ConsumeQueues owner, Shape now, int chunk, LongPredicate isLost, Set<Integer> rewritten) {
    long first = now.chunks.firstOffset(chunk);
    long address = now.chunks.address(chunk);
    int count = (int) (now.chunkEnd(chunk) - first);
    long[] words;
    try {
      words = owner.chunk(address, first, count).clone();
    } catch (StorageException e) {
      return 0;
    }
    int lost = lose(words, count, isLost);
    if (lost > 0) {
      owner.rewrite(address, first, words, count);
      rewritten.add(BlockFiles.number(address));
    }
    return lost;
  }

  private static int lose(long[] words, int count, LongPredicate isLost) {
    int lost = 0;
    for (int at = 0; at < count * Entry.WORDS; at += Entry.WORDS) {
      long position = words[at + Entry.POSITION];
      if (Entry.hasMessage(position) && isLost.test(position)) {
        Entry.putLost(words, at, words[at + Entry.TIME]);
        lost++;
      }
    }
    return lost;
  }

  /**
   * Tells those from an offset to another one, which is not included.
   *
   * @param first the offset of the first of the words
   */
  static void tell(long[] words, long first, long from, long to, LostSink into) {
    long begin = -1;
    for (long offset = Math.max(first, from); offset < to; offset++) {
      boolean isLost =
          !Entry.hasMessage(words[(int) (offset - first) * Entry.WORDS + Entry.POSITION]);
      if (isLost && begin < 0) {
        begin = offset;
      } else if (!isLost && begin >= 0) {
        into.lost(begin, offset - 1);
        begin = -1;
      }
    }
    if (begin >= 0) {
      into.lost(begin, to - 1);
    }
  }
}
