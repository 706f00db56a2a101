package io.escrowmq.broker.filter;

import java.util.List;
import java.util.Set;

/** A part of a filter that is true or not. Immutable. */
sealed interface Condition extends Expression {

  Truth truth(Candidate message);

  @Override
  default Truth value(Candidate message) {
    return truth(message);
  }

  /** TRUE, FALSE and NULL where they stand in the expression. */
  record Always(Truth truth) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      return truth;
    }
  }

  /** AND: false as soon as one is. */
  record All(List<Condition> conditions) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      Truth all = Truth.TRUE;
      for (Condition condition : conditions) {
        Truth one = condition.truth(message);
        if (one == Truth.FALSE || one == Truth.FAILED) {
          return one;
        }
        all = one == Truth.UNKNOWN ? one : all;
      }
      return all;
    }
  }

  /** OR: true as soon as one is. */
  record Any(List<Condition> conditions) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      Truth any = Truth.FALSE;
      for (Condition condition : conditions) {
        Truth one = condition.truth(message);
        if (one == Truth.TRUE || one == Truth.FAILED) {
          return one;
        }
        any = one == Truth.UNKNOWN ? one : any;
      }
      return any;
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      return condition.truth(message).not();
    }
  }

  record Comparison(Relation relation, Expression left, Expression right) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      Object one = left.value(message);
      Object other = right.value(message);
      message.compared(one, other);
      return relation.between(one, other);
    }
  }

  /** BETWEEN: as two comparisons, but its operand is judged once, however deep it is. */
  record Between(Expression operand, Expression low, Expression high) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      Object value = operand.value(message);
      Object least = low.value(message);
      Object most = high.value(message);
      message.compared(value, least);
      message.compared(value, most);
      Truth atLeast = Relation.AT_LEAST.between(value, least);
      if (atLeast == Truth.FALSE || atLeast == Truth.FAILED) {
        return atLeast;
      }
      Truth atMost = Relation.AT_MOST.between(value, most);
      return atMost == Truth.TRUE ? atLeast : atMost;
    }
  }

  /** IS NULL. */
  record IsNull(Expression operand) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      Object value = operand.value(message);
      return value == Truth.FAILED ? Truth.FAILED : Truth.of(value == Truth.UNKNOWN);
    }
  }

  /** IN. */
  record OneOf(Property property, Set<String> texts) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      Object value = property.value(message);
      message.compared(value, Truth.UNKNOWN);
      return value instanceof String text ? Truth.of(texts.contains(text)) : Truth.UNKNOWN;
    }
  }

  /** CONTAINS and its like, also with NOT: false without a text to look into or to look for. */
  record TextMatch(Place place, boolean negated, Expression operand, Search sought)
      implements Condition {

    enum Place {
      ANYWHERE,
      START,
      END
    }

    @Override
    public Truth truth(Candidate message) {
      if (sought.isEmpty()) {
        return Truth.FALSE;
      }
      Object value = operand.value(message);
      if (!(value instanceof String text)) {
        return value == Truth.FAILED ? Truth.FAILED : Truth.FALSE;
      }
      message.compared(text, Truth.UNKNOWN);
      boolean found = switch (place) {
        case ANYWHERE -> sought.isIn(text);
        case START -> text.startsWith(sought.text());
        case END -> text.endsWith(sought.text());
      };
      return Truth.of(found != negated);
    }
  }

  /** A property where a condition is expected: a text, so never true, whatever it says. */
  record Bare(Property property) implements Condition {
    @Override
    public Truth truth(Candidate message) {
      return property.value(message) == Truth.UNKNOWN ? Truth.UNKNOWN : Truth.FALSE;
    }
  }
}
