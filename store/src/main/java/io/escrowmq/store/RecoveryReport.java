package io.escrowmq.store;

/**
 * What opening the log found. Immutable.
 *
 * @param verifiedFrom the position from which every record was verified
 * @param end where the log goes on
 * @param cutBytes how many bytes behind the end were thrown away because no whole record follows
 * @param reason one sentence: why the log ends where it ends
 */
public record RecoveryReport(long verifiedFrom, long end, long cutBytes, String reason) {}
