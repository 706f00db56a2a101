package io.escrowmq.store.queue;

/**
 * Where a sealed run of keys lies, and what need not be looked for in it. Immutable.
 *
 * @param address of its first page
 * @param highestPosition of all entries: below the log's start, the run is gone
 */
record SortedRun(
    long address, int entries, long earliestMillis, long latestMillis, long highestPosition) {}
