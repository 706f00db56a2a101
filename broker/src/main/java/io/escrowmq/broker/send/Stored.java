package io.escrowmq.broker.send;

/**
 * Where messages were stored.
 *
 * @param positions one a message, in their order
 * @param queueOffset of the first one; 0 for those that wait until they are due
 */
public record Stored(long[] positions, int queueId, long queueOffset) {}
