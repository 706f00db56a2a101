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

  private Entry() {}

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
