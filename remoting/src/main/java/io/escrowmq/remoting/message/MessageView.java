package io.escrowmq.remoting.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One stored message, read where it lies: a movable window, nothing is copied. One owner at a
 * time.
 *
 * <p>{@link #wrap} holds every length against the buffer, so that no accessor reads outside the
 * message, whatever the bytes say. The layout is pictured at {@link MessageCodec}.
 */
public final class MessageView {

  private static final int SMALLEST = MessageCodec.FIXED_BYTES + 4 + 4 + 1;

  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int start;
  private int size;
  private int afterBornHost; // relative to start, as all of these
  private int afterStoreHost;
  private int bodyAt;
  private int bodyLength;
  private int topicAt;
  private int topicLength;
  private int propertiesAt;
  private int propertiesLength;
  private @Nullable String propertyString; // decoded when it is first asked for
  private final PropertyCursor cursor = new PropertyCursor();
  private byte[] lastTopicBytes = {}; // of any message: the next one is often of the same topic
  private String lastTopic = "";

  /** A view of the message at the buffer's position. */
  public static MessageView of(ByteBuffer buffer) {
    return new MessageView().wrap(buffer, buffer.position());
  }

  public static MessageView of(byte[] message) {
    return of(ByteBuffer.wrap(message));
  }

  /**
   * Moves this view to the message at an index of a big-endian buffer; the buffer's limit is
   * respected, its position is not touched. Throws {@link BadMessageException} when the bytes there
   * are no whole message; the view is then unusable until it is wrapped again.
   */
  public MessageView wrap(ByteBuffer bytes, int index) {
    if (bytes.order() != ByteOrder.BIG_ENDIAN) {
      throw new IllegalArgumentException("the buffer must be big-endian");
    }
    int available = bytes.limit() - index;
    if (index < 0 || available < SMALLEST) {
      throw new BadMessageException("only " + available + " bytes at " + index);
    }
    int total = bytes.getInt(index);
    if (total < SMALLEST || total > available) {
      throw new BadMessageException(
          "a message size of " + total + " at " + index + " where " + available + " bytes are");
    }
    int magic = bytes.getInt(index + 4);
    if (magic != MessageCodec.MAGIC_V1 && magic != MessageCodec.MAGIC_V2) {
      throw new BadMessageException("no message at " + index + ": magic " + magic);
    }
    buffer = bytes;
    start = index;
    size = total;
    locate(magic == MessageCodec.MAGIC_V1 ? 1 : 2);
    return this;
  }

  private void locate(int topicLengthBytes) {
    propertyString = null;
    int flags = sysFlag();
    afterBornHost = MessageCodec.storeTimestampAt(flags);
    afterStoreHost = MessageCodec.afterStoreHost(flags);
    bodyAt = afterStoreHost + 16;
    bodyLength = check("body", intAt(bodyAt - 4, "body length"), bodyAt);
    int topicLengthAt = bodyAt + bodyLength;
    check("topic length", topicLengthBytes, topicLengthAt);
    topicAt = topicLengthAt + topicLengthBytes;
    topicLength = check(
        "topic",
        topicLengthBytes == 1
            ? buffer.get(start + topicLengthAt)
            : buffer.getShort(start + topicLengthAt),
        topicAt);
    int propertiesLengthAt = topicAt + topicLength;
    check("properties length", 2, propertiesLengthAt);
    propertiesAt = propertiesLengthAt + 2;
    propertiesLength =
        check("properties", buffer.getShort(start + propertiesLengthAt), propertiesAt);
    if (propertiesAt + propertiesLength != size) {
      throw new BadMessageException(
          "the message says " + size + " bytes and has " + (propertiesAt + propertiesLength));
    }
  }

  private int check(String what, int length, int at) {
    if (length < 0 || length > size - at) {
      throw new BadMessageException(
          "a " + what + " of " + length + " bytes in a message of " + size);
    }
    return length;
  }

  private int intAt(int at, String what) {
    check(what, 4, at);
    return buffer.getInt(start + at);
  }

  /** The whole message, in bytes. */
  public int size() {
    return size;
  }

  /** True for the layout that clients before 5.0 cannot read. */
  public boolean isV2() {
    return buffer.getInt(start + 4) == MessageCodec.MAGIC_V2;
  }

  public int bodyCrc() {
    return buffer.getInt(start + MessageCodec.CRC_AT);
  }

  public int queueId() {
    return buffer.getInt(start + MessageCodec.QUEUE_ID_AT);
  }

  public int flag() {
    return buffer.getInt(start + MessageCodec.FLAG_AT);
  }

  public long queueOffset() {
    return buffer.getLong(start + MessageCodec.QUEUE_OFFSET_AT);
  }

  public long position() {
    return buffer.getLong(start + MessageCodec.POSITION_AT);
  }

  public int sysFlag() {
    return buffer.getInt(start + MessageCodec.SYS_FLAG_AT);
  }

  public long bornTimestamp() {
    return buffer.getLong(start + MessageCodec.BORN_TIMESTAMP_AT);
  }

  public InetSocketAddress bornHost() {
    return host(MessageCodec.BORN_HOST_AT, afterBornHost);
  }

  public long storeTimestamp() {
    return buffer.getLong(start + afterBornHost);
  }

  public InetSocketAddress storeHost() {
    return host(afterBornHost + 8, afterStoreHost);
  }

  public int reconsumeTimes() {
    return buffer.getInt(start + afterStoreHost);
  }

  public long preparedPosition() {
    return buffer.getLong(start + afterStoreHost + 4);
  }

  public int bodyLength() {
    return bodyLength;
  }

  /** The body, read-only, in place. */
  public ByteBuffer body() {
    return buffer.slice(start + bodyAt, bodyLength).asReadOnlyBuffer();
  }

  /** Whether the body still is what its checksum was made of. */
  public boolean isBodyIntact() {
    CRC32 crc = new CRC32();
    crc.update(buffer.slice(start + bodyAt, bodyLength));
    return ((int) crc.getValue() & 0x7FFF_FFFF) == bodyCrc();
  }

  public String topic() {
    if (!isTopic(lastTopicBytes)) {
      lastTopicBytes = bytes(topicAt, topicLength);
      lastTopic = new String(lastTopicBytes, StandardCharsets.UTF_8);
    }
    return lastTopic;
  }

  /** Compares without making a string. */
  public boolean isTopic(byte[] utf8) {
    if (utf8.length != topicLength) {
      return false;
    }
    for (int i = 0; i < utf8.length; i++) {
      if (buffer.get(start + topicAt + i) != utf8[i]) {
        return false;
      }
    }
    return true;
  }

  /** The property string as it was sent; see {@link Properties}. */
  public String properties() {
    String decoded = propertyString;
    if (decoded == null) {
      decoded = new String(bytes(propertiesAt, propertiesLength), StandardCharsets.UTF_8);
      propertyString = decoded;
    }
    return decoded;
  }

  /** The value of a property, or null; the last one when it is there twice. Builds no map. */
  public @Nullable String property(String name) {
    return Properties.value(properties(), name);
  }

  /** The values of several properties, as {@link Properties#values} finds them. */
  public @Nullable String[] properties(String... names) {
    return Properties.values(properties(), names);
  }

  /** The properties in place, before the first one; good until it is asked for again. */
  public PropertyCursor propertyCursor() {
    return cursor.over(buffer, start + propertiesAt, propertiesLength);
  }

  private byte[] bytes(int at, int length) {
    byte[] bytes = new byte[length];
    buffer.get(start + at, bytes);
    return bytes;
  }

  private InetSocketAddress host(int at, int end) {
    byte[] address = new byte[end - at - 4];
    buffer.get(start + at, address);
    int port = buffer.getInt(start + end - 4);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException | IllegalArgumentException e) {
      throw new BadMessageException("a host port of " + port);
    }
  }
}
