package io.escrowmq.remoting.body;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that peers write: standard, and beyond it names without quotes, single quotes,
 * trailing commas and objects as names, whose own text then is the name. Used once.
 *
 * <p>Values are {@link JsonObject}, {@code List}, {@code String}, {@code Long}, {@code Double} and
 * {@code Boolean}; null members and elements are left out. By hand, because no library reads
 * objects as names, and because a broker should not wait for one to start.
 */
final class JsonReader {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_VALUES = 1 << 20; // bounds what a body takes as objects

  private final String text;
  private int at;
  private int values;

  private JsonReader(String text) {
    this.text = text;
  }

  static @Nullable Object read(byte[] json) {
    return read(new String(json, StandardCharsets.UTF_8));
  }

  static @Nullable Object read(String json) {
    JsonReader reader = new JsonReader(json);
    Object value = reader.value(0);
    reader.skipBlanks();
    if (reader.at < json.length()) {
      throw reader.bad("its end");
    }
    return value;
  }

  private @Nullable Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new BadBodyException("the body is nested deeper than " + MAX_DEPTH);
    }
    if (++values > MAX_VALUES) {
      throw new BadBodyException("the body has more than " + MAX_VALUES + " values");
    }
    skipBlanks();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"', '\'' -> string();
      default -> literal();
    };
  }

  private JsonObject object(int depth) {
    at++;
    Map<String, Object> members = new LinkedHashMap<>();
    while (!ends('}')) {
      String name = name(depth);
      skipBlanks();
      if (peek() != ':') {
        throw bad("a colon");
      }
      at++;
      Object value = value(depth + 1);
      if (value != null) {
        members.put(name, value);
      }
      separator('}');
    }
    return new JsonObject(members);
  }

  private List<Object> array(int depth) {
    at++;
    List<Object> elements = new ArrayList<>();
    while (!ends(']')) {
      Object value = value(depth + 1);
      if (value != null) {
        elements.add(value);
      }
      separator(']');
    }
    return elements;
  }

  /** Whether the end comes next, which is then read. */
  private boolean ends(char end) {
    skipBlanks();
    if (peek() != end) {
      return false;
    }
    at++;
    return true;
  }

  private void separator(char end) {
    skipBlanks();
    if (peek() == ',') {
      at++;
    } else if (peek() != end) {
      throw bad("a comma or the end");
    }
  }

  private String name(int depth) {
    skipBlanks();
    int from = at;
    switch (peek()) {
      case '"', '\'' -> {
        return string();
      }
      case '{' -> {
        value(depth + 1);
        return text.substring(from, at);
      }
      default -> {
        while (at < text.length() && isBare(text.charAt(at))) {
          at++;
        }
        if (at == from) {
          throw bad("a name");
        }
        return text.substring(from, at);
      }
    }
  }

  private String string() {
    char quote = text.charAt(at++);
    int from = at;
    StringBuilder unescaped = null;
    while (peek() != quote) {
      if (peek() == '\\') {
        unescaped = unescaped == null ? new StringBuilder() : unescaped;
        unescaped.append(text, from, at);
        at++;
        unescaped.append(escaped());
        from = at;
      } else {
        at++;
      }
    }
    String rest = text.substring(from, at++);
    return unescaped == null ? rest : unescaped.append(rest).toString();
  }

  private char escaped() {
    char kind = peek();
    at++;
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode();
      default -> kind;
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw bad("four hex digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private @Nullable Object literal() {
    int from = at;
    while (at < text.length() && isBare(text.charAt(at))) {
      at++;
    }
    String word = text.substring(from, at);
    switch (word) {
      case "null" -> {
        return null;
      }
      case "true" -> {
        return true;
      }
      case "false" -> {
        return false;
      }
      default -> {
        return number(word);
      }
    }
  }

  private Object number(String word) {
    try {
      boolean whole = word.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
      if (whole) {
        return Long.valueOf(word);
      }
      return Double.valueOf(word);
    } catch (NumberFormatException e) {
      throw bad("a value");
    }
  }

  private static boolean isBare(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '-' || c == '+' || c == '.';
  }

  private char peek() {
    if (at >= text.length()) {
      throw new BadBodyException("the body ends too early");
    }
    return text.charAt(at);
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private BadBodyException bad(String expected) {
    return new BadBodyException(
        "the body is not readable: " + expected + " was expected at character " + at);
  }
}
