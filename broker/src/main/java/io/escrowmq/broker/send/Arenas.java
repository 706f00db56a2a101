package io.escrowmq.broker.send;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Arrays for batches that are used again. A fresh one costs more than what is written into it: it is
 * filled with zeroes first, in memory that no processor has at hand (95 ns for 1.2 KB, against 20 for a
 * copy). Any thread.
 */
final class Arenas {

  private static final int BYTES = 128 << 10; // of each; larger ones are made for one use
  private static final int MOST = 32;

  private final Deque<byte[]> idle = new ArrayDeque<>(); // the last one used is taken first
  private int made;

  /** An array of this many bytes at least, with anything in it. */
  synchronized byte[] take(int bytes) {
    byte[] used = bytes > BYTES ? null : idle.poll();
    if (used != null) {
      return used;
    }
    if (bytes > BYTES || made == MOST) {
      return new byte[bytes];
    }
    made++;
    return new byte[BYTES];
  }

  /** Nobody uses it any more. */
  synchronized void giveBack(byte[] array) {
    if (array.length == BYTES && idle.size() < MOST) {
      idle.push(array);
    }
  }
}
