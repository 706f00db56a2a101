package io.escrowmq.remoting.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The id that says where a message lies: the broker's address and the position in its log, as
 * upper-case hex. Immutable.
 *
 * <pre>
 *  +----------------+-------+----------+
 *  | address        | port  | position |    32 characters with an IPv4 address, 56 with IPv6
 *  | 4 or 16 bytes  | int32 | int64    |
 *  +----------------+-------+----------+
 * </pre>
 */
public record MessageId(InetSocketAddress storeHost, long position) {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int HEX_DIGITS = 16; // of a position
  private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** The id as text, or null when the text is not one. */
  public static @Nullable MessageId parse(String text) {
    if (text.length() != 32 && text.length() != 56) {
      return null;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(HEX.parseHex(text));
      byte[] address = new byte[bytes.capacity() - 12];
      bytes.get(address);
      InetSocketAddress host =
          new InetSocketAddress(InetAddress.getByAddress(address), bytes.getInt());
      return new MessageId(host, bytes.getLong());
    } catch (IllegalArgumentException | UnknownHostException e) {
      return null; // not hex, or a port beyond 65535: some other kind of id
    }
  }

  /** The part of the id that all messages of one broker share; for {@link #of}. */
  public static String prefix(InetSocketAddress storeHost) {
    InetAddress address = storeHost.getAddress();
    if (address == null) {
      throw new IllegalArgumentException("the host " + storeHost + " is not resolved");
    }
    return HEX.formatHex(address.getAddress()) + HEX.toHexDigits(storeHost.getPort());
  }

  /** The text of the id of a message at this position. */
  public static String of(String prefix, long position) {
    return of(prefix, new long[] {position});
  }

  /** The texts of the ids of messages at these positions, separated by commas. */
  public static String of(String prefix, long[] positions) {
    int stride = prefix.length() + HEX_DIGITS + 1;
    byte[] first = prefix.getBytes(StandardCharsets.ISO_8859_1);
    byte[] text = new byte[Math.max(0, positions.length * stride - 1)];
    for (int i = 0; i < positions.length; i++) {
      int at = i * stride;
      if (i > 0) {
        text[at - 1] = ',';
      }
      System.arraycopy(first, 0, text, at, first.length);
      long left = positions[i];
      for (int digit = at + stride - 2; digit >= at + first.length; digit--) {
        text[digit] = DIGITS[(int) left & 0xF];
        left >>>= 4;
      }
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** The id as it stands on the wire. */
  public String text() {
    return of(prefix(storeHost), position);
  }
}
