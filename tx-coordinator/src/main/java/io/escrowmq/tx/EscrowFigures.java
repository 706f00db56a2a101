package io.escrowmq.tx;

/**
 * How much is in escrow. Immutable.
 *
 * @param halves half-messages
 * @param bytes what their records take in the log
 * @param transactions that are not decided
 * @param suspended those of them that nobody is asked about any more
 * @param memory bytes of memory that the half-messages take, about
 * @param oldestMillis when the oldest of them was recorded; {@code Long.MAX_VALUE} when there is none
 */
public record EscrowFigures(
    long halves, long bytes, long transactions, long suspended, long memory, long oldestMillis) {

  public static final EscrowFigures NONE = new EscrowFigures(0, 0, 0, 0, 0, Long.MAX_VALUE);
}
