package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/**
 * A half-message was recorded.
 *
 * @param id for ever; the position at which it was first recorded
 * @param leader the first half-message of the transaction that it joins; its own id if it begins one
 * @param name what the producer calls the transaction; null when it does not matter, and for those
 *     that join
 * @param group the producers that may be asked
 * @param bytes what its record takes in the log
 * @param recordedMillis when, by the broker's clock
 * @param firstCheckMillis when it may first be asked about; {@link #NEVER} when a transaction manager
 *     decides it and nobody else
 */
public record Half(
    long id,
    long leader,
    @Nullable String name,
    String group,
    int bytes,
    long recordedMillis,
    long firstCheckMillis) {

  /** No time at all. */
  public static final long NEVER = Long.MAX_VALUE;
}
