package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * A message of a load that the broker has acknowledged. Immutable.
 *
 * @param number counts the messages of the load
 * @param position in the broker's log
 */
public record LoadReceipt(long number, int queueId, long queueOffset, long position)
    implements Serializable {}
