package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * A message of a load that the broker has acknowledged. Immutable.
 *
 * @param number counts the messages of the load
 */
public record LoadReceipt(long number, int queueId, long queueOffset) implements Serializable {}
