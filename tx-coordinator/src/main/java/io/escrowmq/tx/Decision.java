package io.escrowmq.tx;

/**
 * What was decided about a transaction, once and for ever.
 *
 * @param id the transaction: the id of its first half-message
 * @param timeMillis when, by the broker's clock
 */
public record Decision(long id, Verdict verdict, Decider by, long timeMillis) {}
