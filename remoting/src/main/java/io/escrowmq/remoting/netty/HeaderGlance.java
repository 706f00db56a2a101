package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.frame.FrameHeader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds in a request's header what its refusal needs, and nothing else: its code where it lies, and its
 * opaque. JSON is understood as clients write it, without blanks, with the code first and the fields of
 * the request in one member, which is passed over; about what looks different it says so, and the header
 * has to be read. Owner: an event loop.
 */
final class HeaderGlance {

  /** There is no code where it usually stands. */
  static final int UNKNOWN = -1;

  private static final int MOST_AROUND_FIELDS = 192; // bytes before the fields, and as many behind
  private static final long CODE = 0x7B22_636F_6465_223AL; // {"code":
  private static final int CODE_DIGITS_AT = 8;
  private static final int MOST_CODE_DIGITS = 6;
  private static final int BINARY_OPAQUE_AT = 5;
  private static final int BINARY_FLAG_AT = 9;
  private static final int BINARY_FIXED = 21;

  private static final int MOST_DIGITS = 10;

  private static final byte[] OPAQUE_NAME = name("opaque");
  private static final byte[] FLAG_NAME = name("flag");
  private static final byte[] FIELDS_NAME = name("extFields");
  private static final List<byte[]> NUMBERS = List.of(name("code"), name("version"));
  private static final List<byte[]> TEXTS =
      List.of(name("language"), name("serializeTypeCurrentRPC"), name("remark"));

  private final byte[] bytes = new byte[MOST_AROUND_FIELDS]; // a part of the header
  private int end; // of the part
  private int at;
  private boolean isWhole; // the header's last brace was reached
  private boolean hasOpaque;
  private boolean hasFlag;
  private int opaque;
  private int flag;

  /** The request code, or {@link #UNKNOWN}; nothing is copied for it. */
  int code(HeaderEncoding encoding, ByteBuf frame, int from, int length) {
    if (encoding == HeaderEncoding.BINARY) {
      return length < BINARY_FIXED ? UNKNOWN : frame.getShort(from);
    }
    if (length < CODE_DIGITS_AT + MOST_CODE_DIGITS + 1 || frame.getLong(from) != CODE) {
      return UNKNOWN;
    }
    int code = 0;
    int digitsAt = from + CODE_DIGITS_AT;
    for (int i = digitsAt; i <= digitsAt + MOST_CODE_DIGITS; i++) {
      int digit = frame.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        return i > digitsAt && digit == ',' - '0' ? code : UNKNOWN;
      }
      code = code * 10 + digit;
    }
    return UNKNOWN;
  }

  /** Whether it is a request that waits for an answer, whose {@link #opaque} was found. */
  boolean findTwoWay(HeaderEncoding encoding, ByteBuf frame, int from, int length) {
    if (encoding == HeaderEncoding.BINARY) {
      opaque = frame.getInt(from + BINARY_OPAQUE_AT);
      return FrameHeader.isTwoWayRequest(frame.getInt(from + BINARY_FLAG_AT));
    }
    hasOpaque = false;
    hasFlag = false;
    return json(frame, from, length) && hasOpaque && hasFlag && FrameHeader.isTwoWayRequest(flag);
  }

  int opaque() {
    return opaque;
  }

  private boolean json(ByteBuf frame, int from, int length) {
    int part = Math.min(length, MOST_AROUND_FIELDS);
    take(frame, from, part);
    at = 1; // behind the brace
    members();
    if (isWhole) {
      return part == length;
    }
    if (!isNamed(FIELDS_NAME)) {
      return false;
    }
    if (hasOpaque && hasFlag) {
      return true;
    }
    take(frame, from + length - part, part);
    at = endOfFields();
    members();
    return isWhole;
  }

  private void take(ByteBuf frame, int from, int length) {
    frame.getBytes(from, bytes, 0, length);
    end = length;
  }

  /** Where the member behind the last nested object begins; the part's end when there is none. */
  private int endOfFields() {
    for (int i = end - 4; i >= 0; i--) {
      if (bytes[i] == '}' && bytes[i + 1] == ',') {
        return i + 2;
      }
    }
    return end;
  }

  /** Goes behind the members here that are known. */
  private void members() {
    isWhole = false;
    while (!isWhole) {
      int behind = member();
      if (behind < 0 || behind >= end) {
        return;
      }
      isWhole = bytes[behind] == '}' && behind == end - 1;
      if (!isWhole && bytes[behind] != ',') {
        return;
      }
      at = behind + 1;
    }
  }

  /** Reads the member here; answers the place behind it, and -1 when it is none that is known. */
  private int member() {
    if (isNamed(OPAQUE_NAME)) {
      int valueAt = at + OPAQUE_NAME.length;
      opaque = number(valueAt);
      hasOpaque = true;
      return numberEnd(valueAt);
    }
    if (isNamed(FLAG_NAME)) {
      int valueAt = at + FLAG_NAME.length;
      flag = number(valueAt);
      hasFlag = true;
      return numberEnd(valueAt);
    }
    for (byte[] name : NUMBERS) {
      if (isNamed(name)) {
        return numberEnd(at + name.length);
      }
    }
    for (byte[] name : TEXTS) {
      if (isNamed(name)) {
        return textEnd(at + name.length);
      }
    }
    return -1;
  }

  /** The names are those of the constants, with their quotes and the colon. */
  private boolean isNamed(byte[] name) {
    return Arrays.equals(bytes, at, Math.min(at + name.length, end), name, 0, name.length);
  }

  private int numberEnd(int from) {
    int i = from;
    if (i < end && bytes[i] == '-') {
      i++;
    }
    int digitsAt = i;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    return i > digitsAt && i - digitsAt <= MOST_DIGITS ? i : -1;
  }

  private int number(int from) {
    int numberEnd = numberEnd(from);
    if (numberEnd < 0) {
      return 0;
    }
    boolean isNegative = bytes[from] == '-';
    long value = 0;
    for (int i = isNegative ? from + 1 : from; i < numberEnd; i++) {
      value = value * 10 + bytes[i] - '0';
    }
    return (int) (isNegative ? -value : value);
  }

  private int textEnd(int from) {
    if (from >= end || bytes[from] != '"') {
      return -1;
    }
    for (int i = from + 1; i < end && bytes[i] != '\\'; i++) {
      if (bytes[i] == '"') {
        return i + 1;
      }
    }
    return -1;
  }

  private static byte[] name(String name) {
    return ('"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
  }
}
