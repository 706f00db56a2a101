package io.escrowmq.store;

/**
 * One segment, as retention sees it. Immutable.
 *
 * @param start its first position
 * @param bytes what its header and records take
 * @param lastWriteMillis when it was last written to; for the segment that is being written, not
 *     earlier than the log was opened
 */
public record SegmentStats(long start, long bytes, long lastWriteMillis) {}
