package io.escrowmq.remoting.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the flat JSON object that every client sends as a header, in one pass over its bytes. Used
 * once.
 *
 * <p>Whatever looks unusual (single quotes, names without quotes, nested values, escapes in names)
 * makes it give up, and {@link UnusualJsonHeader} reads the header again, slowly.
 */
final class JsonHeaderScanner {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';

  private final byte[] bytes;
  private final int maxFields;
  private int at;
  private boolean unusual;

  // the string that was scanned last
  private int from;
  private int length;
  private boolean escaped;

  private int code;
  private String language = Languages.JAVA;
  private int version;
  private int opaque;
  private int flag;
  private @Nullable String remark;
  private HeaderFields fields = HeaderFields.NONE;

  JsonHeaderScanner(byte[] bytes, int maxFields) {
    this.bytes = bytes;
    this.maxFields = maxFields;
  }

  /** The header, or null when it looks unusual. */
  @Nullable
  FrameHeader scan() {
    if (next() != '{') {
      return null;
    }
    int c = next();
    while (c == '"' && !unusual) {
      member();
      c = next();
      if (c == ',') {
        c = next();
        unusual |= c == '}';
      }
    }
    boolean whole = c == '}' && next() == -1;
    return unusual || !whole
        ? null
        : new FrameHeader(code, language, version, opaque, flag, remark, fields);
  }

  /** One member of the header; its opening quote is read already. */
  private void member() {
    string();
    int nameFrom = from;
    int nameLength = length;
    if (escaped || next() != ':') {
      unusual = true;
      return;
    }
    int c = next();
    if (is("extFields", nameFrom, nameLength)) {
      extFields(c);
    } else if (c == '"') {
      string();
      keepText(nameFrom, nameLength);
    } else if (is("code", nameFrom, nameLength)) {
      code = number(c);
    } else if (is("opaque", nameFrom, nameLength)) {
      opaque = number(c);
    } else if (is("flag", nameFrom, nameLength)) {
      flag = number(c);
    } else if (is("version", nameFrom, nameLength)) {
      version = number(c);
    } else {
      literal(c);
    }
  }

  private void keepText(int nameFrom, int nameLength) {
    if (is("language", nameFrom, nameLength)) {
      language = Languages.of(bytes, from, length);
    } else if (is("remark", nameFrom, nameLength)) {
      remark = escaped
          ? JsonEscapes.read(bytes, from, length)
          : new String(bytes, from, length, StandardCharsets.UTF_8);
    } else if (!is("serializeTypeCurrentRPC", nameFrom, nameLength)) {
      unusual = true; // a member that we do not know, or a number in quotes
    }
  }

  private void extFields(int first) {
    if (first != '{') {
      literal(first);
      return;
    }
    fields = new HeaderFields(bytes);
    int c = next();
    while (c == '"' && !unusual) {
      field();
      c = next();
      if (c == ',') {
        c = next();
        unusual |= c == '}';
      }
    }
    unusual |= c != '}';
  }

  private void field() {
    string();
    int nameFrom = from;
    int nameLength = length;
    if (escaped || next() != ':') {
      unusual = true;
      return;
    }
    int c = next();
    if (c == '"') {
      string();
    } else {
      literal(c);
      if (is("null", from, length)) {
        return;
      }
    }
    if (fields.add(nameFrom, nameLength, from, length, escaped) > maxFields) {
      throw new BadFrameException("more than " + maxFields + " header fields");
    }
  }

  /** The rest of a string whose opening quote is read already. */
  private void string() {
    from = at;
    escaped = false;
    for (skipPlain(); at < bytes.length; skipPlain()) {
      if (bytes[at++] == '"') {
        length = at - 1 - from;
        return;
      }
      escaped = true;
      at++;
    }
    length = 0;
    unusual = true;
  }

  /** Goes on to the next quote or backslash, eight bytes a step. */
  private void skipPlain() {
    while (at <= bytes.length - Long.BYTES) {
      long word = (long) WORD.get(bytes, at);
      long found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
      if (found != 0) {
        at += Long.numberOfTrailingZeros(found) >>> 3;
        return;
      }
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] != '"' && bytes[at] != '\\') {
      at++;
    }
  }

  /** The highest bit of each byte that is 0; of bytes behind the first one it may be set too. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH_BITS;
  }

  /** A number, true, false or null, whose first character is read already. */
  private void literal(int first) {
    from = at - 1;
    escaped = false;
    int c = first;
    while (isLiteral(c)) {
      c = at < bytes.length ? bytes[at++] : -1;
    }
    if (c != -1) {
      at--;
    }
    length = at - from;
    unusual |= length <= 0;
  }

  private int number(int first) {
    literal(first);
    long value = 0;
    boolean negative = first == '-';
    int digits = negative ? length - 1 : length;
    if (digits < 1 || digits > 10) {
      unusual = true;
      return 0;
    }
    for (int i = from + length - digits; i < from + length; i++) {
      int digit = bytes[i] - '0';
      unusual |= digit < 0 || digit > 9;
      value = value * 10 + digit;
    }
    value = negative ? -value : value;
    unusual |= value != (int) value;
    return (int) value;
  }

  private static boolean isLiteral(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || c == '-'
        || c == '+'
        || c == '.'
        || c == 'E';
  }

  /** The next character that is not white space; -1 at the end. */
  private int next() {
    while (at < bytes.length) {
      byte b = bytes[at++];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
    }
    return -1;
  }

  private boolean is(String name, int nameFrom, int nameLength) {
    return Ascii.equal(name, bytes, nameFrom, nameLength);
  }
}
