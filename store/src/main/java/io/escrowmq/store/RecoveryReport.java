package io.escrowmq.store;

/**
 * What opening the log found. Immutable.
 *
 * @param verifiedFrom the position from which every record was verified
 * @param witnessed the position before which everything was synced, as the log itself says; what was written behind it
 *     and has been lost with the machine's memory leaves no trace
 * @param end where the log goes on
 * @param cutBytes how many bytes behind the end were thrown away because no whole record follows
 * @param reason one sentence: why the log ends where it ends
 */
public record RecoveryReport(
    long verifiedFrom, long witnessed, long end, long cutBytes, String reason) {}
