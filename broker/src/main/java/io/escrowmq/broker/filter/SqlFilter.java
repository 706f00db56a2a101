package io.escrowmq.broker.filter;

import io.escrowmq.remoting.message.MessageView;

/**
 * An SQL92 expression, ready to judge messages by their properties: those that the sender gave them,
 * and those that have a meaning, such as {@code TAGS} and {@code KEYS}. The language is that of
 * RocketMQ; {@code docs/wire.md} has it. Immutable.
 */
public final class SqlFilter {

  /** Characters of an expression. */
  static final int LONGEST = 16_384;

  /** Parentheses and signs within one another. */
  static final int DEEPEST = 64;

  /** Different properties: each costs a look at each property of a message. */
  static final int MOST_PROPERTIES = 64;

  /** Properties, values and conditions of an expression, each as often as it is there. */
  static final int MOST_PARTS = 1024;

  /** CONTAINS and its like: each may have to read 32 KB of one message. */
  static final int MOST_SEARCHES = 64;

  private static final int NAMES_A_CHARACTER = 4; // are compared in the time of a character

  private final Condition condition;
  private final String[] properties; // by their index in the condition

  private SqlFilter(Condition condition, String[] properties) {
    this.condition = condition;
    this.properties = properties;
  }

  /**
   * Reads an expression.
   *
   * @throws BadFilterException when it cannot be read, or is beyond a limit
   */
  public static SqlFilter compile(String expression) {
    SqlParser parser = new SqlParser(expression);
    Condition condition = parser.parse();
    return new SqlFilter(condition, parser.names().toArray(String[]::new));
  }

  /**
   * Whether the expression is true of the message; not when it is false, unknown, or compares what
   * cannot be compared. One pass over the properties, and each part of the expression at most once.
   *
   * @param work is told what it has cost: at most a few million for one message
   */
  public boolean matches(MessageView message, Work work) {
    long length = message.properties().length();
    work.add(length + length * properties.length / NAMES_A_CHARACTER);
    Candidate candidate = new Candidate(message.properties(properties), work);
    return condition.truth(candidate) == Truth.TRUE;
  }
}
