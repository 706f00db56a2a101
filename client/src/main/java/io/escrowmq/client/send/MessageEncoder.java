package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Compressor;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.message.Properties;

/** Makes what goes over the network of messages, once each. Any thread. */
public final class MessageEncoder {

  private final String group;
  private final BodyCompression compression;

  /** An encoder for one producer. */
  public MessageEncoder(String group, BodyCompression compression) {
    this.group = group;
    this.compression = compression;
  }

  /**
   * The message as it goes over the network.
   *
   * @param messageId becomes the message's unique key, by which it is recognized everywhere; ASCII
   * @param more properties of the system's own, in the form of {@link Properties}; "" for none
   * @param sysFlag bits besides those of the compression
   */
  public Outbound encode(
      Message message, String messageId, String more, int sysFlag, long bornMillis) {
    byte[] body = message.body();
    int flags = sysFlag;
    if (compression.isFor(body.length)) {
      byte[] smaller = Compressor.compress(compression.kind(), body);
      if (smaller.length < body.length) {
        body = smaller;
        flags |= Compressor.flagsOf(compression.kind());
      }
    }
    return new Outbound(
        group,
        message.topic(),
        message.orderingKey(),
        Outbound.Kind.MESSAGE,
        flags,
        SentProperties.text(message, messageId, more),
        Body.of(body),
        bornMillis);
  }
}
