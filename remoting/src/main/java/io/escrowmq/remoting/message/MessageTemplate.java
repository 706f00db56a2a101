package io.escrowmq.remoting.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes messages that differ in flag, body and properties only, as those of a batch do: what they
 * share is encoded once. Immutable. The layout is pictured at {@link MessageCodec}.
 */
public final class MessageTemplate {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] encoded; // of a message without body and properties
  private final int bodyAt;

  /** What they share, as {@link NewMessage} has it. */
  public MessageTemplate(
      String topic,
      int queueId,
      int sysFlag,
      long bornTimestamp,
      InetSocketAddress bornHost,
      InetSocketAddress storeHost,
      int reconsumeTimes) {
    encoded = MessageCodec.encode(new NewMessage(
        topic,
        queueId,
        0,
        sysFlag,
        bornTimestamp,
        bornHost,
        storeHost,
        reconsumeTimes,
        0,
        ByteBuffer.allocate(0),
        ""));
    int flags = (int) INT.get(encoded, MessageCodec.SYS_FLAG_AT);
    bodyAt = MessageCodec.afterStoreHost(flags) + 16;
  }

  /** How many bytes a message takes. */
  public int length(BatchItem item, byte[] more) {
    return Math.addExact(
        encoded.length + item.properties().remaining() + more.length,
        item.body().remaining());
  }

  /**
   * Writes a message's final bytes, as {@link MessageCodec#encode} would. Throws {@link
   * BadMessageException} when the properties are too long for the layout.
   *
   * @param more what follows the item's properties, in their form
   * @return the index behind the message
   */
  public int write(BatchItem item, byte[] more, byte[] target, int at) {
    ByteBuffer body = item.body();
    int bodyLength = body.remaining();
    int ownLength = item.properties().remaining();
    int propertiesLength = ownLength + more.length;
    MessageCodec.checkProperties(propertiesLength);

    System.arraycopy(encoded, 0, target, at, bodyAt);
    INT.set(target, at, length(item, more));
    INT.set(target, at + MessageCodec.FLAG_AT, item.flag());
    int to = at + bodyAt;
    INT.set(target, to - Integer.BYTES, bodyLength);
    body.get(body.position(), target, to, bodyLength);
    INT.set(target, at + MessageCodec.CRC_AT, MessageCodec.crc(target, to, bodyLength));
    to += bodyLength;
    int topicLength = encoded.length - Short.BYTES - bodyAt; // and its length
    System.arraycopy(encoded, bodyAt, target, to, topicLength);
    to += topicLength;
    target[to++] = (byte) (propertiesLength >> Byte.SIZE);
    target[to++] = (byte) propertiesLength;
    item.properties().get(item.properties().position(), target, to, ownLength);
    System.arraycopy(more, 0, target, to + ownLength, more.length);
    return to + propertiesLength;
  }
}
