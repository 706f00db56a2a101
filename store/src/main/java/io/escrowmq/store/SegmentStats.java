package io.escrowmq.store;

/**
 * One segment, as retention sees it. Immutable.
 *
 * @param start its first position
 * @param end where its records end; the next segment may start a little later
 * @param bytes what the file takes on disk
 * @param lastWriteMillis when the last record was written to it; for the segment that is being
 *     written, not earlier than the log was opened
 */
public record SegmentStats(long start, long end, long bytes, long lastWriteMillis) {}
