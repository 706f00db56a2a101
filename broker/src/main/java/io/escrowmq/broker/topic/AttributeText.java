package io.escrowmq.broker.topic;

import java.util.HashMap;
import java.util.Map;

/**
 * Changes to attributes as operators write them: {@code +key=value} and {@code -key}, or the same as
 * a map from {@code +key} to the value. Pure.
 */
public final class AttributeText {

  private static final int MOST_CHARACTERS = 8 * 1024; // of a change, and of what comes of it

  private AttributeText() {}

  /**
   * The attributes after the change.
   *
   * @throws IllegalArgumentException naming the part that cannot be read
   */
  public static Map<String, String> change(Map<String, String> before, String text) {
    checkLength(text.length());
    Map<String, String> after = new HashMap<>(before);
    int at = 0;
    while (at < text.length()) {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      apply(text.substring(at, end).trim(), after);
      at = end + 1;
    }
    return checked(after);
  }

  /**
   * The attributes after a change that came as a map; a key without a sign is set, too.
   *
   * @throws IllegalArgumentException naming what cannot be read
   */
  public static Map<String, String> change(
      Map<String, String> before, Map<String, String> changes) {
    Map<String, String> after = new HashMap<>(before);
    changes.forEach((key, value) -> {
      boolean signed = key.startsWith("+") || key.startsWith("-");
      String name = (signed ? key.substring(1) : key).trim();
      if (name.isEmpty()) {
        throw new IllegalArgumentException("an attribute has no name but '" + key + "'");
      }
      if (key.startsWith("-")) {
        after.remove(name);
      } else {
        after.put(name, value.trim());
      }
    });
    return checked(after);
  }

  private static void apply(String part, Map<String, String> attributes) {
    int equals = part.indexOf('=');
    if (part.startsWith("+") && equals > 1) {
      attributes.put(
          part.substring(1, equals).trim(), part.substring(equals + 1).trim());
    } else if (part.startsWith("-") && part.length() > 1) {
      attributes.remove(part.substring(1).trim());
    } else if (!part.isEmpty()) {
      throw new IllegalArgumentException(
          "the attribute change '" + part + "' is neither '+key=value' nor '-key'");
    }
  }

  private static Map<String, String> checked(Map<String, String> attributes) {
    int characters = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      characters += attribute.getKey().length() + attribute.getValue().length();
    }
    checkLength(characters);
    return attributes;
  }

  private static void checkLength(int characters) {
    if (characters > MOST_CHARACTERS) {
      throw new IllegalArgumentException("the attributes have " + characters
          + " characters, at most " + MOST_CHARACTERS + " are allowed");
    }
  }
}
