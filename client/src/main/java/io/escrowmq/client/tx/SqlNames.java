package io.escrowmq.client.tx;

import java.util.regex.Pattern;

/** Names that may stand in SQL text as they are. */
final class SqlNames {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*){0,2}");

  private SqlNames() {}

  /** Refuses what is not a plain table name, perhaps with a schema. */
  static String check(String table) {
    if (!NAME.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "the table name '" + table + "' is not made of letters, digits and '_'");
    }
    return table;
  }
}
