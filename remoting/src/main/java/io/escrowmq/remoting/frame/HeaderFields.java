package io.escrowmq.remoting.frame;

import io.escrowmq.remoting.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a header as places in its bytes: a field becomes a string when it is asked for,
 * and numbers never do. Filled by one decoder, then read-only.
 */
final class HeaderFields implements Fields {

  static final HeaderFields NONE = new HeaderFields(new byte[0]);

  private static final int PLACE = 4; // ints a field: name from, name length, value from, length
  private static final int ESCAPED = 1 << 31; // in the value's length: it has JSON escapes
  private static final int LONGEST_NUMBER = 18; // digits that surely fit a long

  private final byte[] bytes;
  private int[] places = {};
  private int count;

  HeaderFields(byte[] bytes) {
    this.bytes = bytes;
  }

  static HeaderFields of(Map<String, String> fields) {
    StringBuilder text = new StringBuilder();
    fields.forEach((name, value) -> text.append(name).append(value));
    HeaderFields result = new HeaderFields(text.toString().getBytes(StandardCharsets.UTF_8));
    int at = 0;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      int name = field.getKey().getBytes(StandardCharsets.UTF_8).length;
      int value = field.getValue().getBytes(StandardCharsets.UTF_8).length;
      result.add(at, name, at + name, value, false);
      at += name + value;
    }
    return result;
  }

  /** Returns how many there are now. */
  int add(int nameFrom, int nameLength, int valueFrom, int valueLength, boolean escaped) {
    int at = count * PLACE;
    if (at == places.length) {
      places = Arrays.copyOf(places, Math.max(16 * PLACE, at * 2));
    }
    places[at] = nameFrom;
    places[at + 1] = nameLength;
    places[at + 2] = valueFrom;
    places[at + 3] = escaped ? valueLength | ESCAPED : valueLength;
    return ++count;
  }

  @Override
  public @Nullable String text(String name) {
    int at = find(name);
    return at < 0 ? null : value(at);
  }

  @Override
  public Map<String, String> toMap() {
    Map<String, String> map = new HashMap<>();
    for (int at = 0; at < count * PLACE; at += PLACE) {
      map.put(new String(bytes, places[at], places[at + 1], StandardCharsets.UTF_8), value(at));
    }
    return map;
  }

  @Override
  public int requiredInt(String name) {
    int at = find(name);
    long number = at < 0 ? Long.MIN_VALUE : number(at);
    return number == (int) number ? (int) number : Fields.super.requiredInt(name);
  }

  @Override
  public int intOr(String name, int absent) {
    int at = find(name);
    if (at < 0) {
      return absent;
    }
    long number = number(at);
    return number == (int) number ? (int) number : Fields.super.intOr(name, absent);
  }

  @Override
  public long requiredLong(String name) {
    int at = find(name);
    long number = at < 0 ? Long.MIN_VALUE : number(at);
    return number == Long.MIN_VALUE ? Fields.super.requiredLong(name) : number;
  }

  @Override
  public long longOr(String name, long absent) {
    int at = find(name);
    if (at < 0) {
      return absent;
    }
    long number = number(at);
    return number == Long.MIN_VALUE ? Fields.super.longOr(name, absent) : number;
  }

  @Override
  public boolean booleanOr(String name, boolean absent) {
    int at = find(name);
    if (at < 0) {
      return absent;
    }
    int length = places[at + 3];
    return Ascii.equal("true", bytes, places[at + 2], length)
        || Fields.super.booleanOr(name, absent);
  }

  @Override
  public String toString() {
    return toMap().toString();
  }

  /** The last field of this name counts, as in the readers that peers use. */
  private int find(String name) {
    for (int at = (count - 1) * PLACE; at >= 0; at -= PLACE) {
      if (Ascii.equal(name, bytes, places[at], places[at + 1])) {
        return at;
      }
    }
    return -1;
  }

  private String value(int at) {
    int length = places[at + 3];
    return (length & ESCAPED) == 0
        ? new String(bytes, places[at + 2], length, StandardCharsets.UTF_8)
        : JsonEscapes.read(bytes, places[at + 2], length & ~ESCAPED);
  }

  /** The value as a number; {@code Long.MIN_VALUE} when it is none, or too long to be sure. */
  private long number(int at) {
    int from = places[at + 2];
    int length = places[at + 3];
    boolean negative = length > 0 && bytes[from] == '-';
    int digits = negative ? length - 1 : length;
    if (digits < 1 || digits > LONGEST_NUMBER) {
      return Long.MIN_VALUE;
    }
    long number = 0;
    for (int i = from + length - digits; i < from + length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return Long.MIN_VALUE;
      }
      number = number * 10 + digit;
    }
    return negative ? -number : number;
  }
}
