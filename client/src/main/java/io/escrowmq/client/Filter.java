package io.escrowmq.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which messages of a topic a group wants. All members of a group must want the same. Immutable. */
public final class Filter {

  private static final Filter ALL = new Filter("TAG", "*", Set.of());

  private final String type;
  private final String expression;
  private final Set<String> tags;

  private Filter(String type, String expression, Set<String> tags) {
    this.type = type;
    this.expression = expression;
    this.tags = tags;
  }

  /** Every message. */
  public static Filter all() {
    return ALL;
  }

  /** Messages that have one of these tags, at least one of which must be named. */
  public static Filter tags(String... tags) {
    Objects.requireNonNull(tags, "the tags is null");
    if (tags.length == 0) {
      throw new IllegalArgumentException("at least one tag; Filter.all() is for all messages");
    }
    for (String tag : tags) {
      if (tag.isBlank() || !tag.equals(tag.strip()) || tag.contains("|") || tag.equals("*")) {
        throw new IllegalArgumentException(
            "the tag '" + tag + "' cannot be asked for: blanks around it, '|' and '*' have a"
                + " meaning of their own");
      }
    }
    Set<String> all = new LinkedHashSet<>(List.of(tags));
    return new Filter("TAG", String.join(" || ", all), Set.copyOf(all));
  }

  /**
   * Messages whose properties fulfil this condition, for example {@code "price > 10 AND region IN
   * ('north', 'east')"}. The broker judges it and refuses one that it cannot read.
   */
  public static Filter sql(String condition) {
    Objects.requireNonNull(condition, "the condition is null");
    if (condition.isBlank()) {
      throw new IllegalArgumentException(
          "the condition is blank; Filter.all() is for all messages");
    }
    return new Filter("SQL92", condition, Set.of());
  }

  /** "TAG" or "SQL92", as the protocol names it. */
  public String type() {
    return type;
  }

  /** The condition as brokers read it. */
  public String expression() {
    return expression;
  }

  /** The tags that are wanted; empty when tags do not matter. */
  public Set<String> tags() {
    return tags;
  }

  @Override
  public String toString() {
    return type + " " + expression;
  }
}
