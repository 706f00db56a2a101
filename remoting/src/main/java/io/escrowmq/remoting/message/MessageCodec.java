package io.escrowmq.remoting.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes the stored-message layout; {@link MessageView} reads it.
 *
 * <pre>
 *  offset    0      4       8      12        16     20             28         36
 *          +------+-------+------+---------+------+--------------+----------+---------+
 *          | size | magic | crc  | queueId | flag | queue offset | position | sysFlag |
 *          | int  | int   | int  | int     | int  | long         | long     | int     |
 *          +------+-------+------+---------+------+--------------+----------+---------+
 *           40               48             +4            +8
 *          +----------------+--------------+-------------+-----------------+
 *          | born timestamp | born address | born port   | store timestamp |
 *          | long           | 4 or 16      | int         | long            |
 *          +----------------+--------------+-------------+-----------------+
 *          +---------------+------------+----------------+-------------------+
 *          | store address | store port | reconsumeTimes | prepared position |
 *          | 4 or 16       | int        | int            | long              |
 *          +---------------+------------+----------------+-------------------+
 *          +-------------+------+--------------+-------+-------------------+------------+
 *          | body length | body | topic length | topic | properties length | properties |
 *          | int         | ...  | byte / short | ...   | short             | ...        |
 *          +-------------+------+--------------+-------+-------------------+------------+
 * </pre>
 *
 * The topic length takes two bytes in the second layout (V2), which is used only for topics longer
 * than 127 bytes because older clients cannot read it.
 */
public final class MessageCodec {

  public static final int MAGIC_V1 = 0xDAA320A7;
  public static final int MAGIC_V2 = 0xDAA320AB;

  /** Topics up to this many bytes are written in the first layout. */
  public static final int MAX_V1_TOPIC_BYTES = 127;

  static final int CRC_AT = 8;
  static final int QUEUE_ID_AT = 12;
  static final int FLAG_AT = 16;
  static final int QUEUE_OFFSET_AT = 20;
  static final int POSITION_AT = 28;
  static final int SYS_FLAG_AT = 36;
  static final int BORN_TIMESTAMP_AT = 40;
  static final int BORN_HOST_AT = 48;

  /** Everything but addresses, body, topic length, topic and properties. */
  static final int FIXED_BYTES = 82;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private MessageCodec() {}

  /**
   * The message's final bytes, but for queue offset, position and store timestamp, which are 0
   * until {@link #stamp}. Throws {@link BadMessageException} when properties or topic are too long
   * for the layout.
   */
  public static byte[] encode(NewMessage message) {
    byte[] topic = message.topic().getBytes(StandardCharsets.UTF_8);
    byte[] properties = message.properties().getBytes(StandardCharsets.UTF_8);
    checkProperties(properties.length);
    if (topic.length > Short.MAX_VALUE) {
      throw new BadMessageException("the topic takes " + topic.length + " bytes");
    }
    byte[] bornAddress = address(message.bornHost());
    byte[] storeAddress = address(message.storeHost());
    boolean v1 = topic.length <= MAX_V1_TOPIC_BYTES;
    int bodyLength = message.body().remaining();
    byte[] bytes = new byte
        [Math.addExact(
            FIXED_BYTES
                + bornAddress.length
                + storeAddress.length
                + (v1 ? 1 : 2)
                + topic.length
                + properties.length,
            bodyLength)];

    INT.set(bytes, 0, bytes.length);
    INT.set(bytes, 4, v1 ? MAGIC_V1 : MAGIC_V2);
    INT.set(bytes, QUEUE_ID_AT, message.queueId());
    INT.set(bytes, FLAG_AT, message.flag());
    INT.set(bytes, SYS_FLAG_AT, sysFlag(message.sysFlag(), bornAddress, storeAddress));
    LONG.set(bytes, BORN_TIMESTAMP_AT, message.bornTimestamp());
    int at = putHost(bytes, BORN_HOST_AT, bornAddress, message.bornHost());
    at += 8; // the store timestamp
    at = putHost(bytes, at, storeAddress, message.storeHost());
    INT.set(bytes, at, message.reconsumeTimes());
    LONG.set(bytes, at + 4, message.preparedPosition());
    INT.set(bytes, at + 12, bodyLength);
    at += 16;
    message.body().get(message.body().position(), bytes, at, bodyLength);
    INT.set(bytes, CRC_AT, crc(bytes, at, bodyLength));
    at += bodyLength;
    if (!v1) {
      bytes[at++] = (byte) (topic.length >> 8);
    }
    bytes[at++] = (byte) topic.length;
    System.arraycopy(topic, 0, bytes, at, topic.length);
    at += topic.length;
    bytes[at++] = (byte) (properties.length >> 8);
    bytes[at++] = (byte) properties.length;
    System.arraycopy(properties, 0, bytes, at, properties.length);
    return bytes;
  }

  static void checkProperties(int bytes) {
    if (bytes > Properties.MAX_BYTES) {
      throw new BadMessageException("the properties take " + bytes + " bytes, at most "
          + Properties.MAX_BYTES + " are allowed");
    }
  }

  /** Writes what only the log knows into an encoded message. */
  public static void stamp(byte[] message, long queueOffset, long position, long storeTimestamp) {
    stamp(message, 0, queueOffset, position, storeTimestamp);
  }

  /** As the other one, for a message that begins at {@code start}. */
  public static void stamp(
      byte[] bytes, int start, long queueOffset, long position, long storeTimestamp) {
    LONG.set(bytes, start + QUEUE_OFFSET_AT, queueOffset);
    LONG.set(bytes, start + POSITION_AT, position);
    int flags = (int) INT.get(bytes, start + SYS_FLAG_AT);
    LONG.set(bytes, start + storeTimestampAt(flags), storeTimestamp);
  }

  /** As the other ones, for a message that begins at {@code start} of a big-endian buffer. */
  public static void stamp(
      ByteBuffer message, int start, long queueOffset, long position, long storeTimestamp) {
    message.putLong(start + QUEUE_OFFSET_AT, queueOffset);
    message.putLong(start + POSITION_AT, position);
    message.putLong(start + storeTimestampAt(message.getInt(start + SYS_FLAG_AT)), storeTimestamp);
  }

  /** Writes where the half-message lies that the encoded message beginning at {@code start} was. */
  public static void stampPrepared(byte[] bytes, int start, long position) {
    int flags = (int) INT.get(bytes, start + SYS_FLAG_AT);
    LONG.set(bytes, start + afterStoreHost(flags) + Integer.BYTES, position);
  }

  /** The checksum of the body of the encoded message that begins at {@code start}. */
  public static int bodyCrc(byte[] bytes, int start) {
    return (int) INT.get(bytes, start + CRC_AT);
  }

  static int storeTimestampAt(int sysFlag) {
    return BORN_HOST_AT + hostBytes(sysFlag, SysFlags.BORN_HOST_V6);
  }

  static int afterStoreHost(int sysFlag) {
    return storeTimestampAt(sysFlag) + Long.BYTES + hostBytes(sysFlag, SysFlags.STORE_HOST_V6);
  }

  /** Address and port. */
  static int hostBytes(int sysFlag, int v6Bit) {
    return (sysFlag & v6Bit) == 0 ? 8 : 20;
  }

  /** The checksum of a body as the layout wants it: CRC-32 without its highest bit. */
  static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue() & 0x7FFF_FFFF;
  }

  private static int sysFlag(int wanted, byte[] bornAddress, byte[] storeAddress) {
    int flag = wanted & ~(SysFlags.BORN_HOST_V6 | SysFlags.STORE_HOST_V6);
    if (bornAddress.length == 16) {
      flag |= SysFlags.BORN_HOST_V6;
    }
    if (storeAddress.length == 16) {
      flag |= SysFlags.STORE_HOST_V6;
    }
    return flag;
  }

  private static int putHost(byte[] bytes, int at, byte[] address, InetSocketAddress host) {
    System.arraycopy(address, 0, bytes, at, address.length);
    INT.set(bytes, at + address.length, host.getPort());
    return at + address.length + 4;
  }

  private static byte[] address(InetSocketAddress host) {
    InetAddress address = host.getAddress();
    if (address == null) {
      throw new IllegalArgumentException("the host " + host + " is not resolved");
    }
    return address.getAddress();
  }
}
