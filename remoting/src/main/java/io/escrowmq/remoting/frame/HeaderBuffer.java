package io.escrowmq.remoting.frame;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.WireHeader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes headers, one after the other into the same bytes, so that an answer's header costs next to
 * no garbage. One owner: an event loop.
 */
public final class HeaderBuffer {

  /** The protocol version that our frames carry: clients compare the broker's with their needs. */
  public static final int VERSION = 513;

  /** What the frame's prefix can say. */
  private static final int MAX_BYTES = 0xFF_FFFF;

  private static final int MAX_REMARK = 4_096; // characters
  private static final int KEPT_BYTES = 64 << 10;
  private static final int LONG_TEXT =
      100; // characters; copied as a whole, which is worth the garbage

  private static final byte[] CODE = ascii("{\"code\":");
  private static final byte[] EXT_FIELDS = ascii(",\"extFields\":{\"");
  private static final byte[] NEXT_FIELD = ascii("\",\"");
  private static final byte[] VALUE = ascii("\":\"");
  private static final byte[] EXT_FIELDS_END = ascii("\"}");
  private static final byte[] FLAG = ascii(",\"flag\":");
  private static final byte[] OPAQUE = ascii(",\"language\":\"JAVA\",\"opaque\":");
  private static final byte[] REMARK = ascii(",\"remark\":\"");
  private static final byte[] END =
      ascii(",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":" + VERSION + "}");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] HEX = ascii("0123456789abcdef");

  private final JsonFields jsonFields = new JsonFields();
  private final BinaryFields binaryFields = new BinaryFields();
  private byte[] bytes = new byte[1 << 10];
  private int size;

  // Under overload one remark is written a thousand times.
  private @Nullable String lastRemark;
  private byte[] lastRemarkJson = {};

  /** Writes the header of a request; what was in the buffer is gone. */
  public void writeRequest(
      HeaderEncoding encoding, int code, int opaque, boolean oneWay, WireHeader header) {
    write(encoding, code, opaque, oneWay ? FrameHeader.ONE_WAY : 0, null, header);
  }

  /** Writes the header of an answer; what was in the buffer is gone. */
  public void writeAnswer(
      HeaderEncoding encoding, int code, int opaque, @Nullable String remark, WireHeader header) {
    write(encoding, code, opaque, FrameHeader.RESPONSE, remark, header);
  }

  /** The bytes up to {@link #size()}; valid until the next header is written. */
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return size;
  }

  private void write(
      HeaderEncoding encoding,
      int code,
      int opaque,
      int flag,
      @Nullable String remark,
      WireHeader header) {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[1 << 10];
    }
    size = 0;
    String text =
        remark == null || remark.length() <= MAX_REMARK ? remark : remark.substring(0, MAX_REMARK);
    switch (encoding) {
      case JSON -> json(code, opaque, flag, text, header);
      case BINARY -> binary(code, opaque, flag, text, header);
    }
    if (size > MAX_BYTES) {
      throw new IllegalStateException(
          "a header of " + size + " bytes, at most " + MAX_BYTES + " are possible");
    }
  }

  private void json(int code, int opaque, int flag, @Nullable String remark, WireHeader header) {
    put(CODE);
    digits(code);
    jsonFields.any = false;
    header.writeTo(jsonFields);
    if (jsonFields.any) {
      put(EXT_FIELDS_END);
    }
    put(FLAG);
    digits(flag);
    put(OPAQUE);
    digits(opaque);
    if (remark != null) {
      put(REMARK);
      remarkText(remark);
      put('"');
    }
    put(END);
  }

  private void binary(int code, int opaque, int flag, @Nullable String remark, WireHeader header) {
    int16(code);
    put(0); // JAVA
    int16(VERSION);
    int32(opaque);
    int32(flag);
    int remarkAt = size;
    int32(0);
    if (remark != null) {
      utf8(remark);
      int32At(remarkAt, size - remarkAt - 4);
    }
    int lengthAt = size;
    int32(0);
    header.writeTo(binaryFields);
    int32At(lengthAt, size - lengthAt - 4);
  }

  private final class JsonFields implements FieldWriter {

    private boolean any;

    @Override
    public FieldWriter put(String name, @Nullable String value) {
      if (value != null) {
        name(name);
        jsonText(value);
      }
      return this;
    }

    @Override
    public FieldWriter put(String name, long value) {
      name(name);
      digits(value);
      return this;
    }

    @Override
    public FieldWriter put(String name, boolean value) {
      name(name);
      HeaderBuffer.this.put(value ? TRUE : FALSE);
      return this;
    }

    private void name(String name) {
      HeaderBuffer.this.put(any ? NEXT_FIELD : EXT_FIELDS);
      any = true;
      jsonText(name);
      HeaderBuffer.this.put(VALUE);
    }
  }

  private final class BinaryFields implements FieldWriter {

    @Override
    public FieldWriter put(String name, @Nullable String value) {
      if (value != null) {
        name(name);
        int lengthAt = size;
        int32(0);
        utf8(value);
        int32At(lengthAt, size - lengthAt - 4);
      }
      return this;
    }

    @Override
    public FieldWriter put(String name, long value) {
      name(name);
      int lengthAt = size;
      int32(0);
      digits(value);
      int32At(lengthAt, size - lengthAt - 4);
      return this;
    }

    @Override
    public FieldWriter put(String name, boolean value) {
      return put(name, value ? "true" : "false");
    }

    private void name(String name) {
      int16(name.length()); // of ASCII
      utf8(name);
    }
  }

  @SuppressWarnings("ReferenceEquality") // comparing the text would cost as much as writing it
  private void remarkText(String remark) {
    if (remark == lastRemark) {
      put(lastRemarkJson);
      return;
    }
    int from = size;
    jsonText(remark);
    lastRemarkJson = Arrays.copyOfRange(bytes, from, size);
    lastRemark = remark;
  }

  private void jsonText(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80) {
        escapedText(text, i);
        return;
      }
      bytes[size++] = (byte) c;
    }
  }

  private void utf8(String text) {
    if (text.length() >= LONG_TEXT) {
      put(text.getBytes(StandardCharsets.UTF_8));
      return;
    }
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        put(text.substring(i).getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[size++] = (byte) c;
    }
  }

  private void escapedText(String text, int from) {
    byte[] utf8 = text.substring(from).getBytes(StandardCharsets.UTF_8);
    room(6 * utf8.length);
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        bytes[size++] = '\\';
        bytes[size++] = b;
      } else if (b >= 0 && b < 0x20) {
        bytes[size++] = '\\';
        bytes[size++] = 'u';
        bytes[size++] = '0';
        bytes[size++] = '0';
        bytes[size++] = HEX[b >> 4];
        bytes[size++] = HEX[b & 0xF];
      } else {
        bytes[size++] = b;
      }
    }
  }

  private void digits(long value) {
    room(20);
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        put(ascii(Long.toString(value)));
        return;
      }
      bytes[size++] = '-';
    }
    long rest = Math.abs(value);
    int end = size + length(rest);
    size = end;
    do {
      bytes[--end] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
  }

  private static int length(long value) {
    int length = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      length++;
    }
    return length;
  }

  private void int16(int value) {
    put(value >> 8);
    put(value);
  }

  private void int32(int value) {
    room(4);
    int32At(size, value);
    size += 4;
  }

  private void int32At(int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
  }

  private void put(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  private void put(byte[] text) {
    room(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
