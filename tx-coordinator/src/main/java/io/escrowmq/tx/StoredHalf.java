package io.escrowmq.tx;

/**
 * Where a half-message lies now: retention may have made the broker record it again.
 *
 * @param id its name for ever
 * @param position of the newest record that holds it
 * @param bytes that record's length
 */
public record StoredHalf(long id, long position, int bytes) {}
