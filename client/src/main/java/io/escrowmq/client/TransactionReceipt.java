package io.escrowmq.client;

import java.util.concurrent.CompletionStage;

/**
 * A half-message was stored, its local transaction has run, and the broker is being told.
 *
 * @param half where the half-message is; its queue offset means nothing to consumers
 * @param outcome what the listener said
 * @param confirmation ends within the client's request timeout: true when the broker has recorded the
 *     outcome; false when it could not be told, or there was nothing to tell, and it will ask; with
 *     {@link DecidedOtherwiseException} when it has recorded the contrary before
 */
public record TransactionReceipt(
    SendReceipt half, TransactionOutcome outcome, CompletionStage<Boolean> confirmation) {}
