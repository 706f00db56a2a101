package io.escrowmq.broker.filter;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of a filter that is true or not. Immutable. */
sealed interface Condition extends Expression {

  Truth truth(@Nullable String[] properties);

  @Override
  default Truth value(@Nullable String[] properties) {
    return truth(properties);
  }

  /** TRUE, FALSE and NULL where they stand in the expression. */
  record Always(Truth truth) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      return truth;
    }
  }

  /** AND: false as soon as one is. */
  record All(List<Condition> conditions) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      Truth all = Truth.TRUE;
      for (Condition condition : conditions) {
        Truth one = condition.truth(properties);
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
    public Truth truth(@Nullable String[] properties) {
      Truth any = Truth.FALSE;
      for (Condition condition : conditions) {
        Truth one = condition.truth(properties);
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
    public Truth truth(@Nullable String[] properties) {
      return condition.truth(properties).not();
    }
  }

  record Comparison(Relation relation, Expression left, Expression right) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      return relation.between(left.value(properties), right.value(properties));
    }
  }

  /** BETWEEN: as two comparisons, but its operand is judged once, however deep it is. */
  record Between(Expression operand, Expression low, Expression high) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      Object value = operand.value(properties);
      Truth atLeast = Relation.AT_LEAST.between(value, low.value(properties));
      if (atLeast == Truth.FALSE || atLeast == Truth.FAILED) {
        return atLeast;
      }
      Truth atMost = Relation.AT_MOST.between(value, high.value(properties));
      return atMost == Truth.TRUE ? atLeast : atMost;
    }
  }

  /** IS NULL. */
  record Missing(Expression operand) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      Object value = operand.value(properties);
      return value == Truth.FAILED ? Truth.FAILED : Truth.of(value == Truth.UNKNOWN);
    }
  }

  /** IN. */
  record OneOf(Property property, Set<String> texts) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      return property.value(properties) instanceof String text
          ? Truth.of(texts.contains(text))
          : Truth.UNKNOWN;
    }
  }

  /** CONTAINS and its like, also with NOT: false without a text to look into or to look for. */
  record TextMatch(Place place, boolean negated, Expression operand, String sought)
      implements Condition {

    enum Place {
      ANYWHERE,
      START,
      END
    }

    @Override
    public Truth truth(@Nullable String[] properties) {
      if (sought.isEmpty()) {
        return Truth.FALSE;
      }
      Object value = operand.value(properties);
      if (!(value instanceof String text)) {
        return value == Truth.FAILED ? Truth.FAILED : Truth.FALSE;
      }
      boolean found = switch (place) {
        case ANYWHERE -> text.contains(sought);
        case START -> text.startsWith(sought);
        case END -> text.endsWith(sought);
      };
      return Truth.of(found != negated);
    }
  }

  /** A property where a condition is expected: a text, so never true, whatever it says. */
  record Bare(Property property) implements Condition {
    @Override
    public Truth truth(@Nullable String[] properties) {
      return property.value(properties) == Truth.UNKNOWN ? Truth.UNKNOWN : Truth.FALSE;
    }
  }
}
