package io.escrowmq.broker.filter;

import org.jspecify.annotations.Nullable;

/** A message that is judged: the properties that the expression names, and what judging has cost. */
final class Candidate {

  private final @Nullable String[] properties;
  private final Work work;

  Candidate(@Nullable String[] properties, Work work) {
    this.properties = properties;
    this.work = work;
  }

  @Nullable
  String property(int index) {
    return properties[index];
  }

  /** Two values are held against one another; a text may have to be read to its end. */
  void compared(Object left, Object right) {
    work.add(1 + length(left) + length(right));
  }

  private static int length(Object value) {
    return value instanceof String text ? text.length() : 0;
  }
}
