package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * What the client reports of a transactional message: the half-message and its local transaction. Immutable.
 *
 * @param transactionId empty for none
 * @param localState the client's name for it, {@code COMMIT_MESSAGE} and others
 */
public record TransactionAnswer(SendAnswer half, String transactionId, String localState)
    implements Serializable {}
