package io.escrowmq.client.send;

import io.escrowmq.remoting.Body;
import org.jspecify.annotations.Nullable;

/**
 * A message or a batch, encoded once for all tries. Immutable.
 *
 * @param group the producer group that it is sent in
 * @param orderingKey settles the queue; null when any will do
 * @param properties the property string of a single message; "" for a batch, whose items have theirs
 * @param body may be written several times; its release does nothing
 * @param bornMillis when it was handed to the producer
 */
public record Outbound(
    String group,
    String topic,
    @Nullable String orderingKey,
    Kind kind,
    int sysFlag,
    String properties,
    Body body,
    long bornMillis) {

  /** What kind of request it is sent with. */
  public enum Kind {
    MESSAGE,
    BATCH,

    /** Goes to the client that asked, and to no consumer. */
    REPLY
  }

  Outbound asReply() {
    return new Outbound(
        group, topic, orderingKey, Kind.REPLY, sysFlag, properties, body, bornMillis);
  }
}
