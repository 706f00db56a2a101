package io.escrowmq.systemtests.driver;

import java.io.Serializable;

/**
 * Which messages of a topic a consumer asks for. Immutable.
 *
 * @param isSql whether the expression is an SQL92 condition; otherwise it is tags, such as {@code a || b}, or
 *     {@code *}
 */
public record Wanted(String expression, boolean isSql) implements Serializable {

  public static final Wanted EVERYTHING = tags("*");

  public static Wanted tags(String tags) {
    return new Wanted(tags, false);
  }

  public static Wanted sql(String condition) {
    return new Wanted(condition, true);
  }
}
