package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * The broker has asked about a transaction. Immutable.
 *
 * @param message as it came with the question; its time of arrival is that of the question
 * @param transactionId as the client hands it to the application; empty for none
 * @param answered by the script of that moment
 */
public record TransactionCheck(ReceivedMessage message, String transactionId, LocalOutcome answered)
    implements Serializable {}
