package io.escrowmq.store.queue;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that the disk did not give when they were read. It may give them a moment later; what it does
 * not give however often it is asked is lost like what is damaged. Any thread.
 */
final class Unread {

  static final int MOST_LOOKS = 20;
  private static final int LOOKS_A_TURN = 16; // each may take the disk seconds

  /** All in vain. */
  private record Looks(int count, String why) {}

  private final Map<Long, Looks> looks = new ConcurrentHashMap<>(); // by address

  /** A reader met it: it is to be looked at again. */
  void note(long address, String why) {
    looks.putIfAbsent(address, new Looks(1, why));
  }

  /**
   * One more look in vain; answers whether there were so many by now. With the second one those in the same
   * file are to be looked at as well: all of it may be lost.
   */
  boolean isLost(long address, String why, int mostLooks, LongStream others) {
    Looks now =
        looks.merge(address, new Looks(1, why), (before, more) -> new Looks(before.count + 1, why));
    if (now.count == 2) {
      others
          .filter(it -> BlockFiles.number(it) == BlockFiles.number(address))
          .forEach(it -> note(it, why));
    }
    return now.count >= mostLooks;
  }

  /** It was given, or is lost. */
  void forget(long address) {
    looks.remove(address);
  }

  /** What the disk said instead of giving it; null when it is not among them. */
  @Nullable
  String why(long address) {
    Looks now = looks.get(address);
    return now == null ? null : now.why;
  }

  /**
   * Looks again at some of the blocks that were not given, and forgets those that are not there any more.
   *
   * @param all blocks that there are
   */
  <T> void lookAgain(T[] all, ToLongFunction<T> addressOf, Consumer<T> look) {
    if (looks.isEmpty()) {
      return;
    }
    looks.keySet().retainAll(Arrays.stream(all).map(addressOf::applyAsLong).toList());
    Arrays.stream(all)
        .filter(block -> looks.containsKey(addressOf.applyAsLong(block)))
        .limit(LOOKS_A_TURN)
        .forEach(look);
  }
}
