package io.escrowmq.client;

/**
 * A half-message was stored and its local transaction has run.
 *
 * @param half where the half-message is; its queue offset means nothing to consumers
 * @param outcome what the listener said
 * @param confirmed the broker has recorded it. When false it will ask: its check decides
 */
public record TransactionReceipt(SendReceipt half, TransactionOutcome outcome, boolean confirmed) {}
