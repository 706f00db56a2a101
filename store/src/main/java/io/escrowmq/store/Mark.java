package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * A record of the log about itself: up to where it had been synced when the record was written.
 *
 * <p>It lets recovery tell a torn tail from damage. What a crash tears lies behind the last sync; a
 * record that is not whole before a position which a later mark calls durable was destroyed after
 * it had been safe. Nobody but the log sees marks.
 */
final class Mark {

  /** The payload: the durable position. */
  static final int PAYLOAD_BYTES = 8;

  static final int BYTES = RecordLayout.HEADER_BYTES + PAYLOAD_BYTES;

  /**
   * A mark goes ahead of a batch once so many more bytes are durable. Less: more of the log is
   * protected at once; more: fewer bytes, these are at most 0.8 percent.
   */
  static final int STRIDE = 4096;

  private Mark() {}

  static boolean isMark(ByteBuffer bytes, int at) {
    return bytes.getShort(at + RecordLayout.KIND) == RecordLayout.MARK_KIND
        && bytes.getInt(at + RecordLayout.LENGTH) == BYTES;
  }

  static long durable(ByteBuffer bytes, int at) {
    return bytes.getLong(at + RecordLayout.HEADER_BYTES);
  }
}
