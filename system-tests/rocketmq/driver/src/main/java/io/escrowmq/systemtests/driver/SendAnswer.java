package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * What the client reports of a message that the broker took. Immutable.
 *
 * @param status the client's send status, {@code SEND_OK} and others
 * @param messageId the unique key that the client gave; for a batch all of them, comma-separated
 * @param offsetMessageId the id that the broker gave: address and log position
 */
public record SendAnswer(
    String status,
    String messageId,
    String offsetMessageId,
    String brokerName,
    int queueId,
    long queueOffset)
    implements Serializable {}
