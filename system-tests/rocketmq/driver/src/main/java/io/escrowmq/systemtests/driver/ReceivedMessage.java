package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.Map;

/**
 * A message as the client handed it over. Immutable.
 *
 * @param tags empty for none
 * @param keys empty for none
 * @param body one byte a character, 0 to 255
 * @param messageId the unique key
 * @param offsetMessageId the broker's id
 * @param receivedAtMillis wall clock when the listener was called
 * @param arrival counts all deliveries of this driver process; tells which of two came first
 */
public record ReceivedMessage(
    String topic,
    String brokerName,
    int queueId,
    long queueOffset,
    String tags,
    String keys,
    String body,
    Map<String, String> properties,
    String messageId,
    String offsetMessageId,
    int sysFlag,
    int reconsumeTimes,
    long bornAtMillis,
    long storedAtMillis,
    long receivedAtMillis,
    long arrival)
    implements Serializable {}
