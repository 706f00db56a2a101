package io.escrowmq.remoting.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The property string of a message: {@code name 0x01 value 0x02}, repeated.
 *
 * <p>A missing last 0x02 is tolerated, an entry without name, without value or without 0x01 is not
 * there, and of two entries of one name the last one counts.
 */
public final class Properties {

  /** What the layout's length field can say. */
  public static final int MAX_BYTES = Short.MAX_VALUE;

  static final char NAME_END = 1;
  static final char ENTRY_END = 2;

  private Properties() {}

  /** Name to value, in the order in which the names came first; the caller may change it. */
  public static Map<String, String> parse(String text) {
    Map<String, String> properties = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length()) {
      int end = entryEnd(text, at);
      int nameEnd = text.indexOf(NAME_END, at);
      if (nameEnd > at && nameEnd < end - 1) {
        properties.put(text.substring(at, nameEnd), text.substring(nameEnd + 1, end));
      }
      at = end + 1;
    }
    return properties;
  }

  /** The property string of the map, in its order. */
  public static String format(Map<String, String> properties) {
    StringBuilder text = new StringBuilder(32 * properties.size());
    properties.forEach(
        (name, value) -> text.append(name).append(NAME_END).append(value).append(ENTRY_END));
    return text.toString();
  }

  /** The value of a property, or null; scans the text, without building a map. */
  public static @Nullable String value(String text, String name) {
    String found = null;
    int at = 0;
    while (at < text.length()) {
      int end = entryEnd(text, at);
      if (isEntryOf(text, at, end, name)) {
        found = text.substring(at + name.length() + 1, end);
      }
      at = end + 1;
    }
    return found;
  }

  /** Whether a property is there. */
  public static boolean has(String text, String name) {
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      boolean begins = at == 0 || text.charAt(at - 1) == ENTRY_END;
      if (begins && isEntryOf(text, at, entryEnd(text, at), name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a property is there with this value. */
  public static boolean has(String text, String name, String value) {
    return text.contains(name) && value.equals(value(text, name));
  }

  /** The values of several properties, null for each that is not there; scans the text once. */
  public static @Nullable String[] values(String text, String... names) {
    @Nullable String[] found = new String[names.length];
    int at = 0;
    while (at < text.length()) {
      int end = entryEnd(text, at);
      for (int i = 0; i < names.length; i++) {
        if (isEntryOf(text, at, end, names[i])) {
          found[i] = text.substring(at + names[i].length() + 1, end);
        }
      }
      at = end + 1;
    }
    return found;
  }

  /** The text with this property, in place of the one it may have had. */
  public static String with(String text, String name, String value) {
    return appended(without(text, name), name, value);
  }

  /**
   * The text with this property behind all others; a little cheaper than {@link #with}, which is
   * what to use when the name may be there already.
   */
  public static String appended(String text, String name, String value) {
    StringBuilder result =
        new StringBuilder(text.length() + name.length() + value.length() + 3).append(text);
    if (!text.isEmpty() && text.charAt(text.length() - 1) != ENTRY_END) {
      result.append(ENTRY_END);
    }
    return result.append(name).append(NAME_END).append(value).append(ENTRY_END).toString();
  }

  /** The text without this property; the text itself when it has none. */
  public static String without(String text, String name) {
    StringBuilder kept = null;
    int at = 0;
    int copied = 0;
    while (at < text.length()) {
      int end = entryEnd(text, at);
      if (isEntryOf(text, at, end, name)) {
        kept = kept == null ? new StringBuilder(text.length()) : kept;
        kept.append(text, copied, at);
        copied = Math.min(end + 1, text.length());
      }
      at = end + 1;
    }
    return kept == null ? text : kept.append(text, copied, text.length()).toString();
  }

  /** How many bytes the text takes in a message. */
  public static int byteLength(String text) {
    int ascii = 0;
    while (ascii < text.length() && text.charAt(ascii) < 0x80) {
      ascii++;
    }
    return ascii == text.length() ? ascii : text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The single keys of a KEYS value; none for null. */
  public static List<String> splitKeys(@Nullable String keys) {
    if (keys == null || keys.isEmpty()) {
      return List.of();
    }
    List<String> result = new ArrayList<>(2);
    int at = 0;
    while (at < keys.length()) {
      int end = keys.indexOf(' ', at);
      end = end < 0 ? keys.length() : end;
      if (end > at) {
        result.add(keys.substring(at, end));
      }
      at = end + 1;
    }
    return result;
  }

  private static int entryEnd(String text, int from) {
    int end = text.indexOf(ENTRY_END, from);
    return end < 0 ? text.length() : end;
  }

  private static boolean isEntryOf(String text, int at, int end, String name) {
    int nameEnd = at + name.length();
    return nameEnd < end - 1
        && text.charAt(nameEnd) == NAME_END
        && text.startsWith(name, at)
        && !name.isEmpty();
  }
}
