package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * Which messages of a topic a consumer asks for. Immutable.
 *
 * @param isSql whether the expression is an SQL92 condition; otherwise it is tags, such as {@code a || b}, or
 *     {@code *}
 */
public record MessageFilter(String expression, boolean isSql) implements Serializable {

  public static final MessageFilter EVERYTHING = tags("*");

  public static MessageFilter tags(String tags) {
    return new MessageFilter(tags, false);
  }

  public static MessageFilter sql(String condition) {
    return new MessageFilter(condition, true);
  }
}
