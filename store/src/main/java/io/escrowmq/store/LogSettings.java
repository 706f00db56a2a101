package io.escrowmq.store;

/**
 * How the log lays itself out.
 *
 * @param segmentBytes the size of one segment file, at least 64 KiB, a multiple of 4096. Too small:
 *     many files, and messages that fit nowhere; too large: retention frees room in coarse steps
 *     and a restart after a crash looks through more of the last file (about 0.3 s per GiB)
 * @param reserveBytes room kept on disk for decisions, offsets and deletes when sends are refused;
 *     at most half a segment. Too small: a full disk stops those too; too large: wasted room
 * @param flush what {@link CommitLog#visible} waits for
 */
public record LogSettings(int segmentBytes, int reserveBytes, FlushMode flush) {

  static final int SEGMENT_BYTES_AT_LEAST = 64 * 1024;

  /** A segment's size is a multiple of it. */
  public static final int SEGMENT_STEP = 4096;

  public LogSettings {
    if (segmentBytes < SEGMENT_BYTES_AT_LEAST || segmentBytes % SEGMENT_STEP != 0) {
      throw new IllegalArgumentException("segmentBytes " + segmentBytes + " must be a multiple of "
          + SEGMENT_STEP + ", at least " + SEGMENT_BYTES_AT_LEAST);
    }
    if (reserveBytes < 0 || reserveBytes > segmentBytes / 2) {
      throw new IllegalArgumentException("reserveBytes " + reserveBytes
          + " must lie between 0 and half of segmentBytes " + segmentBytes);
    }
  }
}
