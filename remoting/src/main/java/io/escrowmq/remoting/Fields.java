package io.escrowmq.remoting;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The named fields of a frame's header ("extFields"), as text. Read-only; valid as long as it is
 * referenced.
 *
 * <p>The typed accessors throw {@link BadHeaderException}, which names field, value and what was
 * expected; the request table turns it into an answer.
 */
public interface Fields {

  /** The field's text, or null when the frame does not carry it. */
  @Nullable
  String text(String name);

  /** Every field, for forwarding and for signatures. */
  Map<String, String> toMap();

  default String requiredText(String name) {
    String text = text(name);
    if (text == null) {
      throw BadHeaderException.missing(name);
    }
    return text;
  }

  default int requiredInt(String name) {
    return HeaderNumbers.parseInt(name, requiredText(name));
  }

  default int intOr(String name, int absent) {
    String text = text(name);
    return text == null ? absent : HeaderNumbers.parseInt(name, text);
  }

  default long requiredLong(String name) {
    return HeaderNumbers.parseLong(name, requiredText(name));
  }

  default long longOr(String name, long absent) {
    String text = text(name);
    return text == null ? absent : HeaderNumbers.parseLong(name, text);
  }

  default boolean booleanOr(String name, boolean absent) {
    String text = text(name);
    return text == null ? absent : Boolean.parseBoolean(text);
  }
}
