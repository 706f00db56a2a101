package io.escrowmq.client.send;

import io.escrowmq.remoting.Body;
import org.jspecify.annotations.Nullable;

/**
 * A message or a batch, encoded once for all tries. Immutable.
 *
 * @param group the producer group that it is sent in
 * @param orderingKey settles the queue; null when any will do
 * @param reply whether it goes to the client that asked, and to no consumer
 * @param properties the property string of a single message; "" for a batch, whose items have theirs
 * @param body may be written several times; its release does nothing
 * @param bornMillis when it was handed to the producer
 */
public record Outbound(
    String group,
    String topic,
    @Nullable String orderingKey,
    boolean batch,
    boolean reply,
    int sysFlag,
    String properties,
    Body body,
    long bornMillis) {

  /** A message or a batch for consumers. */
  public Outbound(
      String group,
      String topic,
      @Nullable String orderingKey,
      boolean batch,
      int sysFlag,
      String properties,
      Body body,
      long bornMillis) {
    this(group, topic, orderingKey, batch, false, sysFlag, properties, body, bornMillis);
  }

  Outbound asReply() {
    return new Outbound(
        group, topic, orderingKey, batch, true, sysFlag, properties, body, bornMillis);
  }
}
