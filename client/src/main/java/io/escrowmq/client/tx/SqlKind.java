package io.escrowmq.client.tx;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a text of SQL may do to the transaction that it is executed in. */
enum SqlKind {
  /** Reads or changes rows, and leaves the transaction as it is. */
  PLAIN,
  /** Sets something; before the first statement of a transaction, for instance its isolation. */
  SETTING,
  /** Goes back to a savepoint. */
  UNDO,
  /** Would commit the transaction or roll all of it back. */
  END,
  /** Everything else: a savepoint, a procedure, what some databases commit by themselves. */
  OTHER;

  private static final Set<String> PLAIN_WORDS = Set.of(
      "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT", "VALUES", "WITH");
  private static final Pattern TO_SAVEPOINT =
      Pattern.compile("\\s+((WORK|TRANSACTION)\\s+)?TO\\s.*", Pattern.DOTALL);
  private static final Pattern PREPARED_END =
      Pattern.compile("\\s+(TRANSACTION|COMMIT)\\s.*", Pattern.DOTALL);

  /**
   * The kind, by the first word. A text that is not understood is OTHER, which costs no more than that
   * the next message becomes visible in a step of its own; so no comment or literal needs to be parsed.
   */
  static SqlKind of(String sql) {
    int begin = firstWord(sql);
    int end = begin;
    while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    String word = sql.substring(begin, end).toUpperCase(Locale.ROOT);
    if (PLAIN_WORDS.contains(word)) {
      return isOneStatement(sql, end) ? PLAIN : OTHER;
    }
    return switch (word) {
      case "COMMIT", "END", "ABORT" -> END;
      case "ROLLBACK" -> TO_SAVEPOINT.matcher(rest(sql, end)).matches() ? UNDO : END;
      case "PREPARE" -> PREPARED_END.matcher(rest(sql, end)).matches() ? END : OTHER;
      case "SET" -> setting(sql, end);
      default -> OTHER;
    };
  }

  private static SqlKind setting(String sql, int end) {
    if (rest(sql, end).contains("AUTOCOMMIT")) {
      return END;
    }
    return isOneStatement(sql, end) ? SETTING : OTHER;
  }

  private static String rest(String sql, int from) {
    return sql.substring(from).toUpperCase(Locale.ROOT) + ' ';
  }

  /** Where the first word begins, after blanks, comments and parentheses. */
  private static int firstWord(String sql) {
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c) || c == '(') {
        at++;
        continue;
      }
      int after = afterComment(sql, at);
      if (after < 0) {
        return at;
      }
      at = after;
    }
    return at;
  }

  /** Where the comment that begins here ends; -1 if none does, or one that databases read differently. */
  private static int afterComment(String sql, int at) {
    if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      return end < 0 ? sql.length() : end + 1;
    }
    if (!sql.startsWith("/*", at)
        || sql.startsWith("/*!", at)) { // MySQL executes what "/*!" begins
      return -1;
    }
    int end = sql.indexOf("*/", at + 2);
    int nested = sql.indexOf("/*", at + 2); // ended by the first "*/" in some databases only
    return end < 0 || (nested >= 0 && nested < end) ? -1 : end + 2;
  }

  /** False also for a single statement that has a semicolon in a literal. */
  private static boolean isOneStatement(String sql, int from) {
    int semicolon = sql.indexOf(';', from);
    return semicolon < 0 || sql.substring(semicolon + 1).isBlank();
  }

  /** The one of two that needs more care, for batches. */
  SqlKind or(SqlKind other) {
    return compareTo(other) < 0 ? other : this;
  }
}
