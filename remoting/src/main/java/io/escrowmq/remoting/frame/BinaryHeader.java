package io.escrowmq.remoting.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the binary header.
 *
 * <pre>
 *  +-------+----------+---------+--------+------+---------------+--------+-----------------+--------+
 *  | code  | language | version | opaque | flag | remark length | remark | fields' length  | fields |
 *  | int16 | int8     | int16   | int32  | int32| int32         | ...    | int32           | ...    |
 *  +-------+----------+---------+--------+------+---------------+--------+-----------------+--------+
 *  a field: name length (int16), name, value length (int32), value; length 0 stands for absent
 * </pre>
 */
final class BinaryHeader {

  private BinaryHeader() {}

  static FrameHeader read(byte[] header, int maxFields) {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    need(bytes, 21, "fixed part");
    int code = bytes.getShort();
    String language = Languages.of(bytes.get());
    int version = bytes.getShort();
    int opaque = bytes.getInt();
    int flag = bytes.getInt();
    String remark = remark(header, bytes);
    need(bytes, 4, "fields' length");
    int fieldsLength = bytes.getInt();
    need(bytes, fieldsLength, "fields");
    HeaderFields fields = fieldsLength == 0
        ? HeaderFields.NONE
        : fields(header, bytes.position(), bytes.position() + fieldsLength, maxFields);
    return new FrameHeader(code, language, version, opaque, flag, remark, fields);
  }

  private static @Nullable String remark(byte[] header, ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length == 0) {
      return null;
    }
    need(bytes, length, "remark");
    String remark = new String(header, bytes.position(), length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + length);
    return remark;
  }

  private static HeaderFields fields(byte[] header, int from, int end, int maxFields) {
    HeaderFields fields = new HeaderFields(header);
    ByteBuffer bytes = ByteBuffer.wrap(header);
    bytes.limit(end).position(from);
    while (bytes.hasRemaining()) {
      need(bytes, 2, "field name's length");
      int nameLength = bytes.getShort();
      need(bytes, nameLength, "field name");
      int nameFrom = bytes.position();
      bytes.position(nameFrom + nameLength);
      need(bytes, 4, "field value's length");
      int valueLength = bytes.getInt();
      need(bytes, valueLength, "field value");
      int valueFrom = bytes.position();
      bytes.position(valueFrom + valueLength);
      if (nameLength > 0
          && valueLength > 0
          && fields.add(nameFrom, nameLength, valueFrom, valueLength, false) > maxFields) {
        throw new BadFrameException("more than " + maxFields + " header fields");
      }
    }
    return fields;
  }

  private static void need(ByteBuffer bytes, int length, String what) {
    if (length < 0 || length > bytes.remaining()) {
      throw new BadFrameException("a " + what + " of " + length + " bytes where "
          + bytes.remaining() + " are left of the header");
    }
  }
}
