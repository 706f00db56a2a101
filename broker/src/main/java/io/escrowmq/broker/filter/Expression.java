package io.escrowmq.broker.filter;

/** A part of a filter that has a value for each message. Immutable. */
sealed interface Expression
    permits Expression.Property, Expression.Constant, Expression.Negation, Condition {

  /**
   * A String, a Long, a Double, or a {@link Truth}: {@code UNKNOWN} stands for what is not there.
   *
   * @param message has its properties by {@link Property#index}
   */
  Object value(Candidate message);

  /** What a message has under a name: always a text. */
  record Property(int index) implements Expression {
    @Override
    public Object value(Candidate message) {
      String text = message.property(index);
      return text == null ? Truth.UNKNOWN : text;
    }
  }

  /** A number or a text that stands in the expression. */
  record Constant(Object value) implements Expression {
    @Override
    public Object value(Candidate message) {
      return value;
    }
  }

  /** With a minus in front; only of numbers, so never of properties. */
  record Negation(Expression operand) implements Expression {
    @Override
    public Object value(Candidate message) {
      Object value = operand.value(message);
      if (value instanceof Long whole) {
        return -whole;
      }
      if (value instanceof Double fraction) {
        return -fraction;
      }
      return value == Truth.FAILED ? Truth.FAILED : Truth.UNKNOWN;
    }
  }
}
