package io.escrowmq.tx;

/**
 * How much may be in escrow. Too low: producers are refused while others are slow to decide; too
 * high: memory, about 110 bytes for each half-message, and disk.
 *
 * @param halves half-messages in all
 * @param bytes what their records take in the log, in all
 * @param halvesOfGroup half-messages of one producer group
 * @param bytesOfGroup the same for bytes
 */
public record Bounds(long halves, long bytes, long halvesOfGroup, long bytesOfGroup) {

  public static final Bounds NONE =
      new Bounds(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  public Bounds {
    if (halves < 1 || bytes < 1 || halvesOfGroup < 1 || bytesOfGroup < 1) {
      throw new IllegalArgumentException("nothing could ever be in escrow");
    }
  }
}
