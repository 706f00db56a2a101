package io.escrowmq.remoting.frame;

import java.nio.charset.StandardCharsets;

/** JSON strings with escapes: property strings carry them, for their separators. */
final class JsonEscapes {

  private JsonEscapes() {}

  /** The text of a string that has escapes; what is no escape is taken as it stands. */
  static String read(byte[] bytes, int from, int length) {
    byte[] plain = new byte[length]; // no escape is shorter than what it stands for
    int size = 0;
    int at = from;
    int end = from + length;
    while (at < end) {
      byte b = bytes[at++];
      if (b != '\\' || at == end) {
        plain[size++] = b;
        continue;
      }
      byte kind = bytes[at++];
      if (kind != 'u') {
        plain[size++] = single(kind);
        continue;
      }
      int unit = hex(bytes, at, end);
      at = Math.min(at + 4, end);
      if (Character.isHighSurrogate((char) unit)
          && at + 6 <= end
          && bytes[at] == '\\'
          && bytes[at + 1] == 'u') {
        int low = hex(bytes, at + 2, end);
        if (Character.isLowSurrogate((char) low)) {
          size = utf8(Character.toCodePoint((char) unit, (char) low), plain, size);
          at += 6;
          continue;
        }
      }
      size = utf8(Character.isSurrogate((char) unit) ? '?' : unit, plain, size);
    }
    return new String(plain, 0, size, StandardCharsets.UTF_8);
  }

  private static byte single(byte kind) {
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> kind;
    };
  }

  private static int hex(byte[] bytes, int from, int end) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < end ? Character.digit(bytes[i], 16) : -1;
      if (digit < 0) {
        return '?';
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  private static int utf8(int codePoint, byte[] to, int at) {
    int next = at;
    if (codePoint < 0x80) {
      to[next++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      to[next++] = (byte) (0xC0 | (codePoint >> 6));
      to[next++] = (byte) (0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
      to[next++] = (byte) (0xE0 | (codePoint >> 12));
      to[next++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      to[next++] = (byte) (0x80 | (codePoint & 0x3F));
    } else {
      to[next++] = (byte) (0xF0 | (codePoint >> 18));
      to[next++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      to[next++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      to[next++] = (byte) (0x80 | (codePoint & 0x3F));
    }
    return next;
  }
}
