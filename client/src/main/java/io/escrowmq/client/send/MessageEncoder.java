package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Compressor;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.Map;

/** Makes what goes over the network of messages, once each. Any thread. */
public final class MessageEncoder {

  private static final char NAME_END = 1;
  private static final char ENTRY_END = 2;
  private static final int ID_LENGTH = 32;

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
   * @param messageId becomes the message's unique key, by which it is recognized everywhere
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
        false,
        flags,
        properties(message, messageId, true, more),
        Body.of(body),
        bornMillis);
  }

  /**
   * The message's property string.
   *
   * @param once it names one send and no other
   */
  static String properties(Message message, String messageId, boolean once, String more) {
    StringBuilder text = new StringBuilder(ID_LENGTH + 48 + more.length());
    put(text, PropertyNames.UNIQUE_KEY, messageId);
    if (once) {
      put(text, PropertyNames.ESCROW_ONCE, "true");
    }
    for (Map.Entry<String, String> property : message.properties().entrySet()) {
      put(text, property.getKey(), property.getValue());
    }
    String all = text.append(more).toString();
    if (all.length() > Properties.MAX_BYTES / 4
        && Properties.byteLength(all) > Properties.MAX_BYTES) {
      throw new MessageRefusedException(
          "the properties of a " + message + " take " + Properties.byteLength(all)
              + " bytes, at most " + Properties.MAX_BYTES + " are possible; put more into the body",
          null,
          null);
    }
    return all;
  }

  private static void put(StringBuilder text, String name, String value) {
    text.append(name).append(NAME_END).append(value).append(ENTRY_END);
  }
}
