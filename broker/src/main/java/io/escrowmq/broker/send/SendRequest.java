package io.escrowmq.broker.send;

import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.TopicNames;
import java.nio.ByteBuffer;

/**
 * What a sender asks for, whatever protocol it speaks.
 *
 * @param sender by which it came
 * @param group the sender's
 * @param queueId below 0 the broker picks one
 * @param template for a topic that is to be created
 * @param body of one message, or the messages of a batch; valid while it is judged
 * @param properties of one message
 * @param bornTimestamp the sender's clock, in milliseconds
 * @param reconsumeTimes how often it was consumed in vain
 * @param maxReconsumeTimes below 0: the group's own limit counts
 * @param rights to send to topics that it does not name
 */
public record SendRequest(
    Connection sender,
    String group,
    String topic,
    int queueId,
    String template,
    int templateQueues,
    ByteBuffer body,
    String properties,
    int flag,
    int sysFlag,
    long bornTimestamp,
    int reconsumeTimes,
    int maxReconsumeTimes,
    Rights rights) {

  /** Whether it says itself that its messages are half-messages. */
  boolean isPrepared() {
    return SysFlags.transaction(sysFlag) == SysFlags.TRANSACTION_PREPARED;
  }

  /** Whether it goes to a group's retry or dead letter topic. */
  boolean isOfRetries() {
    return TopicNames.groupOf(topic) != null;
  }
}
