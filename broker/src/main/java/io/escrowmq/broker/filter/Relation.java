package io.escrowmq.broker.filter;

import org.jspecify.annotations.Nullable;

/** How two values are compared. */
enum Relation {
  EQUAL,
  LESS,
  AT_MOST,
  GREATER,
  AT_LEAST;

  /**
   * Properties are texts: next to a number a text counts as a number, next to TRUE or FALSE as one
   * of these. Two texts are equal as texts, and have an order as numbers.
   */
  Truth between(Object left, Object right) {
    if (left == Truth.FAILED || right == Truth.FAILED) {
      return Truth.FAILED;
    }
    return this == EQUAL ? equal(left, right) : inOrder(left, right);
  }

  private Truth equal(Object left, Object right) {
    if (left == Truth.UNKNOWN) {
      return right == Truth.UNKNOWN ? Truth.TRUE : Truth.UNKNOWN;
    }
    if (right == Truth.UNKNOWN) {
      return Truth.FALSE;
    }
    if (left instanceof Truth) {
      return right instanceof String ? Truth.FAILED : Truth.of(left == right);
    }
    if (right instanceof Truth) {
      return Truth.of(
          left instanceof String text && Boolean.parseBoolean(text) == (right == Truth.TRUE));
    }
    return left instanceof String && right instanceof String
        ? Truth.of(left.equals(right))
        : byNumber(left, right);
  }

  private Truth inOrder(Object left, Object right) {
    return left == Truth.UNKNOWN || right == Truth.UNKNOWN ? Truth.UNKNOWN : byNumber(left, right);
  }

  private Truth byNumber(Object left, Object right) {
    Number one = number(left, right);
    Number other = number(right, left);
    if (one == null || other == null) {
      return Truth.FAILED;
    }
    int order = one instanceof Long && other instanceof Long
        ? Long.compare(one.longValue(), other.longValue())
        : Double.compare(one.doubleValue(), other.doubleValue());
    return Truth.of(
        switch (this) {
          case EQUAL -> order == 0;
          case LESS -> order < 0;
          case AT_MOST -> order <= 0;
          case GREATER -> order > 0;
          case AT_LEAST -> order >= 0;
        });
  }

  /** Null when the value is no number of the kind that the other is. */
  private static @Nullable Number number(Object value, Object other) {
    if (value instanceof Number number) {
      return number;
    }
    if (!(value instanceof String text)) {
      return null;
    }
    if (other instanceof Long) { // not a conditional expression, which would make a double of it
      return Numbers.whole(text);
    }
    return Numbers.fraction(text);
  }
}
