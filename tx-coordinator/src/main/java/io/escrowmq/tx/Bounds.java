package io.escrowmq.tx;

/**
 * How much may be in escrow. Too low: producers are refused while others are slow to decide; too
 * high: memory, see {@code memory}, and disk.
 *
 * @param halves half-messages in all
 * @param bytes what their records take in the log, in all
 * @param halvesOfGroup half-messages of one producer group
 * @param bytesOfGroup the same for bytes
 * @param memory bytes of memory that the open ones may take: about 96 each, and 64 more and its
 *     characters for the name of a transaction
 * @param halvesOfTransaction half-messages of one transaction: its decision has to fit one record
 */
public record Bounds(
    long halves,
    long bytes,
    long halvesOfGroup,
    long bytesOfGroup,
    long memory,
    int halvesOfTransaction) {

  static final int MOST_OF_TRANSACTION = 4096;

  public static final Bounds NONE =
      new Bounds(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Bounds that leave the memory out, and a transaction as large as one may be. */
  public Bounds(long halves, long bytes, long halvesOfGroup, long bytesOfGroup) {
    this(halves, bytes, halvesOfGroup, bytesOfGroup, Long.MAX_VALUE, MOST_OF_TRANSACTION);
  }

  public Bounds {
    if (halves < 1
        || bytes < 1
        || halvesOfGroup < 1
        || bytesOfGroup < 1
        || memory < 1
        || halvesOfTransaction < 1) {
      throw new IllegalArgumentException("nothing could ever be in escrow");
    }
  }

  /** The same within so much memory. */
  public Bounds withMemory(long most) {
    return new Bounds(halves, bytes, halvesOfGroup, bytesOfGroup, most, halvesOfTransaction);
  }

  /** The same, with no more half-messages of one transaction than these. */
  public Bounds withAtMostOfTransaction(int most) {
    return new Bounds(
        halves, bytes, halvesOfGroup, bytesOfGroup, memory, Math.min(halvesOfTransaction, most));
  }
}
