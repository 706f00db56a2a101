package io.escrowmq.server.print;

import java.util.ArrayList;
import java.util.List;

/**
 * Columns for a terminal; nothing is cut. One owner.
 *
 * <p>May be printed piece by piece, so that a long table needs no memory: the columns are as wide as
 * what has been added so far wants them.
 */
public final class TextTable {

  private static final int GAP = 2;

  private final int[] widths;
  private final List<String[]> rows = new ArrayList<>(); // not printed yet

  /** A table whose first row is these names. */
  public TextTable(String... columns) {
    widths = new int[columns.length];
    add(columns);
  }

  /** One more row; an empty cell shows as a dash. */
  public void add(String... cells) {
    if (cells.length != widths.length) {
      throw new IllegalArgumentException(
          cells.length + " cells do not fit " + widths.length + " columns");
    }
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = cells[i].isEmpty() ? "-" : cells[i];
      widths[i] = Math.max(widths[i], row[i].length());
    }
    rows.add(row);
  }

  /** The rows that were added since the last time, as lines. */
  public String take() {
    StringBuilder lines = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + GAP));
      }
      lines.append(line.toString().stripTrailing()).append('\n');
    }
    rows.clear();
    return lines.toString();
  }
}
