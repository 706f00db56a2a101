package io.escrowmq.remoting.body;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes JSON bodies, member by member; null texts are left out. One owner, used once. */
public final class JsonWriter {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder text = new StringBuilder(256);
  private boolean first = true; // nothing stands yet in the innermost object or list

  public JsonWriter beginObject() {
    separate();
    text.append('{');
    first = true;
    return this;
  }

  public JsonWriter endObject() {
    text.append('}');
    first = false;
    return this;
  }

  public JsonWriter beginList() {
    separate();
    text.append('[');
    first = true;
    return this;
  }

  public JsonWriter endList() {
    text.append(']');
    first = false;
    return this;
  }

  public JsonWriter name(String name) {
    separate();
    quote(name);
    text.append(':');
    first = true; // what follows needs no comma
    return this;
  }

  /** A raw object in a name's place; what follows is its value. */
  public JsonWriter objectName(Consumer<JsonWriter> object) {
    object.accept(this);
    text.append(':');
    first = true;
    return this;
  }

  public JsonWriter value(String value) {
    separate();
    quote(value);
    return this;
  }

  public JsonWriter value(long value) {
    separate();
    text.append(value);
    return this;
  }

  public JsonWriter member(String name, @Nullable String value) {
    return value == null ? this : name(name).value(value);
  }

  public JsonWriter member(String name, long value) {
    return name(name).value(value);
  }

  public JsonWriter member(String name, double value) {
    name(name).separate();
    text.append(Double.isFinite(value) ? value : 0.0);
    return this;
  }

  public JsonWriter member(String name, boolean value) {
    name(name).separate();
    text.append(value);
    return this;
  }

  /** A member that is an object, empty or not. */
  public JsonWriter object(String name, Consumer<JsonWriter> members) {
    name(name).beginObject();
    members.accept(this);
    return endObject();
  }

  public JsonWriter texts(String name, Collection<String> values) {
    name(name).beginList();
    values.forEach(this::value);
    return endList();
  }

  /** A list of objects. */
  public <T> JsonWriter objects(
      String name, Collection<T> values, BiConsumer<T, JsonWriter> element) {
    name(name).beginList();
    for (T value : values) {
      element.accept(value, this);
    }
    return endList();
  }

  /** An object of objects. */
  public <V> JsonWriter objects(
      String name, Map<String, V> values, BiConsumer<V, JsonWriter> element) {
    name(name).beginObject();
    values.forEach((key, value) -> {
      name(key);
      element.accept(value, this);
    });
    return endObject();
  }

  public JsonWriter texts(String name, Map<?, String> values) {
    name(name).beginObject();
    values.forEach((key, value) -> member(key.toString(), value));
    return endObject();
  }

  public JsonWriter longs(String name, Map<?, Long> values) {
    name(name).beginObject();
    values.forEach((key, value) -> member(key.toString(), value));
    return endObject();
  }

  public byte[] toBytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void separate() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
