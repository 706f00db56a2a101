package io.escrowmq.broker.topic;

import java.util.HashMap;
import java.util.Map;

/** Changes to attributes as operators write them: {@code +key=value} and {@code -key}. Pure. */
public final class AttributeText {

  private static final int MOST_CHARACTERS = 8 * 1024;

  private AttributeText() {}

  /**
   * The attributes after the change.
   *
   * @throws IllegalArgumentException naming the part that cannot be read
   */
  public static Map<String, String> change(Map<String, String> before, String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("the attributes have " + text.length()
          + " characters, at most " + MOST_CHARACTERS + " are allowed");
    }
    Map<String, String> after = new HashMap<>(before);
    int at = 0;
    while (at < text.length()) {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      apply(text.substring(at, end).trim(), after);
      at = end + 1;
    }
    return after;
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
}
