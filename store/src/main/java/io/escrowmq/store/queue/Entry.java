package io.escrowmq.store.queue;

/**
 * How an entry lies in memory, in chunk files and in images: three words.
 *
 * <pre>
 *  +----------+---------------+---------------+----------+
 *  | position | store time ms | record length | tag code |
 *  | int64    | int64         | int32         | int32    |
 *  +----------+---------------+---------------+----------+
 * </pre>
 */
final class Entry {

  static final int WORDS = 3;
  static final int BYTES = WORDS * Long.BYTES;

  static final int POSITION = 0;
  static final int TIME = 1;
  static final int LENGTH_AND_TAG = 2;

  /** The position of an entry whose message is lost: a segment's header is there, never a record. */
  private static final long NOWHERE = 0;

  private Entry() {}

  /** Whether an entry with this position has, or had, a message. */
  static boolean hasMessage(long position) {
    return position != NOWHERE;
  }

  /** Writes the entry of an offset whose message is lost; looking by time needs one all the same. */
  static void putLost(long[] words, int at, long timeMillis) {
    words[at + POSITION] = NOWHERE;
    words[at + TIME] = timeMillis;
    words[at + LENGTH_AND_TAG] = 0;
  }

  static long lengthAndTag(int recordLength, int tagCode) {
    return (long) recordLength << 32 | (tagCode & 0xFFFF_FFFFL);
  }

  static int recordLength(long lengthAndTag) {
    return (int) (lengthAndTag >>> 32);
  }

  static int tagCode(long lengthAndTag) {
    return (int) lengthAndTag;
  }
}
