package io.escrowmq.broker.filter;

import io.escrowmq.broker.filter.Condition.TextMatch.Place;
import io.escrowmq.broker.filter.Expression.Constant;
import io.escrowmq.broker.filter.Expression.Property;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads one expression, one method a rule; used once.
 *
 * <pre>
 *  any        = all { OR all }
 *  all        = equality { AND equality }
 *  equality   = comparison { ( = | &lt;&gt; ) comparison | IS [NOT] NULL }
 *  comparison = signed { ( &lt; | &lt;= | &gt; | &gt;= ) signed
 *                      | [NOT] BETWEEN signed AND signed
 *                      | [NOT] IN "(" text { "," text } ")"
 *                      | [NOT] ( CONTAINS | STARTSWITH | ENDSWITH ) text }
 *  signed     = ( + | - | NOT ) signed | primary
 *  primary    = "(" any ")" | name | text | number | TRUE | FALSE | NULL
 * </pre>
 *
 * So NOT binds more tightly than a comparison, as it does for RocketMQ: {@code NOT (a = 1)} needs its
 * parentheses.
 */
final class SqlParser {

  private final Tokens tokens;
  private final Map<String, Property> properties = new LinkedHashMap<>();
  private Token token; // the one that is looked at
  private int depth; // at most DEEPEST, so that nobody's stack overflows
  private int parts; // at most MOST_PARTS, which bounds what judging a message costs
  private int searches; // at most MOST_SEARCHES, for the same reason

  SqlParser(String expression) {
    if (expression.length() > SqlFilter.LONGEST) {
      throw new BadFilterException(
          SqlFilter.LONGEST,
          "the expression has " + expression.length() + " characters, at most " + SqlFilter.LONGEST
              + " are allowed");
    }
    tokens = new Tokens(expression);
    token = tokens.next();
  }

  /** All of the expression. */
  Condition parse() {
    Condition condition = condition(any(), 1);
    if (token.kind() != TokenKind.END) {
      throw unexpected("AND, OR or the end");
    }
    return condition;
  }

  /** The properties that it names, by their index. */
  List<String> names() {
    return List.copyOf(properties.keySet());
  }

  private Expression any() {
    return joined(TokenKind.OR, this::all, Condition.Any::new);
  }

  private Expression all() {
    return joined(TokenKind.AND, this::equality, Condition.All::new);
  }

  private Expression joined(
      TokenKind joint, Supplier<Expression> part, Function<List<Condition>, Condition> join) {
    int column = token.column();
    Expression first = part.get();
    if (token.kind() != joint) {
      return first;
    }
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition(first, column));
    while (take(joint)) {
      int next = token.column();
      conditions.add(condition(part.get(), next));
    }
    return counted(join.apply(List.copyOf(conditions)));
  }

  private Expression equality() {
    int column = token.column();
    Expression left = comparison();
    while (true) {
      switch (token.kind()) {
        case EQUAL, NOT_EQUAL -> {
          boolean negated = takeAny().kind() == TokenKind.NOT_EQUAL;
          left = negated(negated, equal(left, column));
        }
        case IS -> {
          takeAny();
          boolean negated = take(TokenKind.NOT);
          expect(TokenKind.NULL, "NULL");
          left = negated(negated, counted(new Condition.IsNull(left)));
        }
        default -> {
          return left;
        }
      }
    }
  }

  private Condition equal(Expression left, int leftColumn) {
    int rightColumn = token.column();
    Expression right = comparison();
    refuseNull(left, leftColumn);
    refuseNull(right, rightColumn);
    if (left instanceof Condition.Always && right instanceof Constant) {
      throw new BadFilterException(leftColumn, "TRUE and FALSE equal no number and no text");
    }
    return counted(new Condition.Comparison(Relation.EQUAL, left, right));
  }

  private static void refuseNull(Expression operand, int column) {
    if (operand instanceof Condition.Always always && always.truth() == Truth.UNKNOWN) {
      throw new BadFilterException(column, "nothing equals NULL; write IS NULL or IS NOT NULL");
    }
  }

  private Expression comparison() {
    int column = token.column();
    Expression left = signed();
    while (true) {
      switch (token.kind()) {
        case LESS -> left = ordered(Relation.LESS, left, column);
        case AT_MOST -> left = ordered(Relation.AT_MOST, left, column);
        case GREATER -> left = ordered(Relation.GREATER, left, column);
        case AT_LEAST -> left = ordered(Relation.AT_LEAST, left, column);
        case NOT, BETWEEN, IN, CONTAINS, STARTSWITH, ENDSWITH ->
          left = matched(left, column, take(TokenKind.NOT));
        default -> {
          return left;
        }
      }
    }
  }

  private Condition ordered(Relation relation, Expression left, int leftColumn) {
    takeAny();
    int rightColumn = token.column();
    Expression right = signed();
    refuseUnordered(left, leftColumn);
    refuseUnordered(right, rightColumn);
    return counted(new Condition.Comparison(relation, left, right));
  }

  private static void refuseUnordered(Expression operand, int column) {
    if (operand instanceof Condition
        || (operand instanceof Constant constant && constant.value() instanceof String)) {
      throw new BadFilterException(
          column, "<, <=, >, >= and BETWEEN compare numbers and properties only");
    }
  }

  private Condition matched(Expression left, int column, boolean negated) {
    return switch (token.kind()) {
      case BETWEEN -> between(left, column, negated);
      case IN -> negated(negated, oneOf(left, column));
      case CONTAINS -> textMatch(Place.ANYWHERE, negated, left);
      case STARTSWITH -> textMatch(Place.START, negated, left);
      case ENDSWITH -> textMatch(Place.END, negated, left);
      default -> throw unexpected("BETWEEN, IN, CONTAINS, STARTSWITH or ENDSWITH");
    };
  }

  private Condition between(Expression left, int leftColumn, boolean negated) {
    takeAny();
    int lowColumn = token.column();
    Expression low = signed();
    expect(TokenKind.AND, "AND");
    int highColumn = token.column();
    Expression high = signed();
    refuseUnordered(left, leftColumn);
    refuseUnordered(low, lowColumn);
    refuseUnordered(high, highColumn);
    if (!negated
        && low instanceof Constant from
        && high instanceof Constant to
        && Relation.GREATER.between(from.value(), to.value()) == Truth.TRUE) {
      throw new BadFilterException(
          lowColumn, "nothing lies between " + from.value() + " and " + to.value());
    }
    return negated(negated, counted(new Condition.Between(left, low, high)));
  }

  private Condition oneOf(Expression left, int column) {
    if (!(left instanceof Property property)) {
      throw new BadFilterException(column, "IN wants a property in front of it");
    }
    takeAny();
    expect(TokenKind.OPEN, "'('");
    Set<String> texts = new HashSet<>();
    do {
      texts.add(expect(TokenKind.TEXT, "a text in quotes").text());
    } while (take(TokenKind.COMMA));
    expect(TokenKind.CLOSE, "',' or ')'");
    return counted(new Condition.OneOf(property, Set.copyOf(texts)));
  }

  private Condition textMatch(Place place, boolean negated, Expression left) {
    Token operator = takeAny();
    Search sought = new Search(expect(TokenKind.TEXT, "a text in quotes").text());
    if (++searches > SqlFilter.MOST_SEARCHES) {
      throw new BadFilterException(
          operator.column(),
          "there are more than " + SqlFilter.MOST_SEARCHES
              + " times CONTAINS, STARTSWITH or ENDSWITH; give messages a property of their own for"
              + " what is sought");
    }
    return counted(new Condition.TextMatch(place, negated, left, sought));
  }

  private Condition negated(boolean negated, Condition condition) {
    return negated ? counted(new Condition.Not(condition)) : condition;
  }

  private Expression signed() {
    if (++depth > SqlFilter.DEEPEST) {
      throw new BadFilterException(
          token.column(),
          "parentheses and signs are nested more than " + SqlFilter.DEEPEST + " deep");
    }
    Expression expression = switch (token.kind()) {
      case PLUS -> {
        takeAny();
        yield signed();
      }
      case MINUS -> {
        takeAny();
        yield counted(new Expression.Negation(signed()));
      }
      case NOT -> {
        takeAny();
        int column = token.column();
        yield counted(new Condition.Not(condition(signed(), column)));
      }
      default -> primary();
    };
    depth--;
    return expression;
  }

  private Expression primary() {
    Token first = token;
    return switch (first.kind()) {
      case OPEN -> {
        takeAny();
        Expression inner = any();
        expect(TokenKind.CLOSE, "')'");
        yield inner;
      }
      case NAME -> {
        takeAny();
        yield counted(property(first));
      }
      case TEXT -> constant(first.text());
      case WHOLE -> constant(whole(first));
      case FRACTION -> constant(fraction(first));
      case TRUE -> always(Truth.TRUE);
      case FALSE -> always(Truth.FALSE);
      case NULL -> always(Truth.UNKNOWN);
      default -> throw unexpected("a property or a value");
    };
  }

  private Property property(Token name) {
    Property property =
        properties.computeIfAbsent(name.text(), text -> new Property(properties.size()));
    if (properties.size() > SqlFilter.MOST_PROPERTIES) {
      throw new BadFilterException(
          name.column(),
          "there are more than " + SqlFilter.MOST_PROPERTIES + " different properties");
    }
    return property;
  }

  private Constant constant(Object value) {
    takeAny();
    return counted(new Constant(value));
  }

  private Condition always(Truth truth) {
    takeAny();
    return counted(new Condition.Always(truth));
  }

  private static Long whole(Token number) {
    if (number.text().length() > 1 && number.text().startsWith("0")) {
      throw new BadFilterException(number.column(), "a whole number does not begin with 0");
    }
    Long value = Numbers.whole(number.text());
    if (value == null) {
      throw new BadFilterException(number.column(), "the number does not fit into 64 bits");
    }
    return value;
  }

  private static Double fraction(Token number) {
    Double value = Double.valueOf(number.text());
    if (value.isInfinite()) {
      throw new BadFilterException(number.column(), "the number is too large");
    }
    return value;
  }

  /** What stands where something is expected that is true or not. */
  private Condition condition(Expression expression, int column) {
    if (expression instanceof Condition condition) {
      return condition;
    }
    if (expression instanceof Property property) {
      return counted(new Condition.Bare(property));
    }
    throw new BadFilterException(column, "a condition is expected, but this is a value");
  }

  private <E extends Expression> E counted(E part) {
    if (++parts > SqlFilter.MOST_PARTS) {
      throw new BadFilterException(
          token.column(),
          "there are more than " + SqlFilter.MOST_PARTS
              + " properties, values and conditions; for many values of one property, write IN");
    }
    return part;
  }

  private Token takeAny() {
    Token taken = token;
    token = tokens.next();
    return taken;
  }

  private boolean take(TokenKind kind) {
    if (token.kind() != kind) {
      return false;
    }
    token = tokens.next();
    return true;
  }

  private Token expect(TokenKind kind, String wanted) {
    if (token.kind() != kind) {
      throw unexpected(wanted);
    }
    return takeAny();
  }

  private BadFilterException unexpected(String wanted) {
    return new BadFilterException(
        token.column(), wanted + " is expected, but " + token.shown() + " here");
  }
}
