package io.escrowmq.store;

/**
 * Bytes of the log between whole records. Immutable.
 *
 * @param epoch of what was written before them
 */
record Gap(long from, long to, int epoch) {}
