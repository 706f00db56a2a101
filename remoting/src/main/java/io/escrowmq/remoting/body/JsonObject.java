package io.escrowmq.remoting.body;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was read leniently: members by name, missing ones by their default. A member
 * of the wrong kind throws {@link BadBodyException}, which names it.
 */
public final class JsonObject {

  private static final JsonObject EMPTY = new JsonObject(Map.of());

  private final Map<String, Object> members;

  JsonObject(Map<String, Object> members) {
    this.members = members;
  }

  /** Reads a body that must be an object. */
  public static JsonObject read(byte[] json) {
    return of(JsonReader.read(json));
  }

  static JsonObject read(String json) {
    return of(JsonReader.read(json));
  }

  private static JsonObject of(@Nullable Object value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new BadBodyException("the body is not a JSON object");
  }

  public @Nullable String text(String name) {
    Object value = members.get(name);
    if (value instanceof JsonObject || value instanceof List) {
      throw wrong(name, "text");
    }
    return value == null ? null : value.toString();
  }

  public String textOr(String name, String absent) {
    String text = text(name);
    return text == null ? absent : text;
  }

  public String requiredText(String name) {
    String text = text(name);
    if (text == null) {
      throw new BadBodyException("the body's '" + name + "' is missing");
    }
    return text;
  }

  public long longOr(String name, long absent) {
    Object value = members.get(name);
    return value == null ? absent : toLong(name, value);
  }

  public int intOr(String name, int absent) {
    long number = longOr(name, absent);
    if (number != (int) number) {
      throw wrong(name, "a 32-bit number");
    }
    return (int) number;
  }

  public double doubleOr(String name, double absent) {
    Object value = members.get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(name, "a number");
  }

  public boolean booleanOr(String name, boolean absent) {
    String text = text(name);
    return text == null ? absent : Boolean.parseBoolean(text);
  }

  /** The object of this name; an empty one when there is none. */
  public JsonObject object(String name) {
    Object value = members.get(name);
    if (value == null) {
      return EMPTY;
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw wrong(name, "an object");
  }

  /** Every member's name, in the order in which they came. */
  public Set<String> names() {
    return members.keySet();
  }

  /** The objects in the list of this name; none when it is missing. */
  public <T> List<T> objects(String name, Function<JsonObject, T> reader) {
    List<T> result = new ArrayList<>();
    for (Object element : list(name)) {
      if (!(element instanceof JsonObject object)) {
        throw wrong(name, "a list of objects");
      }
      result.add(reader.apply(object));
    }
    return List.copyOf(result);
  }

  /** The texts in the list of this name; none when it is missing. */
  public List<String> texts(String name) {
    return list(name).stream().map(Object::toString).toList();
  }

  public List<Integer> ints(String name) {
    return list(name).stream().map(value -> (int) toLong(name, value)).toList();
  }

  /** This object as a map of objects: every member's name and value through the reader. */
  public <K, V> Map<K, V> objectsByName(
      BiFunction<String, JsonObject, V> reader, Function<String, K> key) {
    Map<K, V> result = new LinkedHashMap<>();
    members.forEach((name, value) -> result.put(key.apply(name), reader.apply(name, object(name))));
    return result;
  }

  /** This object as a map of numbers. */
  public <K> Map<K, Long> longsByName(Function<String, K> key) {
    Map<K, Long> result = new LinkedHashMap<>();
    members.forEach((name, value) -> result.put(key.apply(name), toLong(name, value)));
    return result;
  }

  /** This object as a map of texts. */
  public Map<String, String> textsByName() {
    Map<String, String> result = new LinkedHashMap<>();
    members.forEach((name, value) -> result.put(name, value.toString()));
    return result;
  }

  private List<?> list(String name) {
    Object value = members.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong(name, "a list");
  }

  static long toLong(String name, Object value) {
    if (value instanceof Long number) {
      return number;
    }
    try {
      return Long.parseLong(value.toString()); // numbers in quotes
    } catch (NumberFormatException e) {
      throw wrong(name, "a number");
    }
  }

  private static BadBodyException wrong(String name, String expected) {
    return new BadBodyException("the body's '" + name + "' is not " + expected);
  }
}
