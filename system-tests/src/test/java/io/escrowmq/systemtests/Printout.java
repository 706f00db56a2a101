package io.escrowmq.systemtests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an mqadmin command printed, and ways to read it. Immutable. */
record Printout(String text) {

  /**
   * The rows of the table that has this column, each from column name (without {@code #}) to value. The last
   * column takes what is left of the line, so that a time with a blank in it stays whole.
   */
  List<Map<String, String>> table(String column) {
    List<Map<String, String>> rows = new ArrayList<>();
    List<String> columns = List.of();
    for (String line : text.lines().toList()) {
      if (line.startsWith("#")) {
        columns =
            Arrays.stream(line.substring(1).split("#", -1)).map(String::strip).toList();
      } else if (line.isBlank()) {
        columns = List.of();
      } else if (columns.contains(column)) {
        rows.add(row(columns, line));
      }
    }
    return rows;
  }

  private static Map<String, String> row(List<String> columns, String line) {
    String[] values = line.strip().split("\\s+", columns.size());
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      row.put(columns.get(i), values[i]);
    }
    return row;
  }

  /** Values of lines such as {@code name : value} or {@code name = value}. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = Pattern.compile("(?m)^([^:=\\n]+?)\\s*[:=]\\s*(.*)$").matcher(text);
    while (matcher.find()) {
      values.put(matcher.group(1).strip(), matcher.group(2).strip());
    }
    return values;
  }

  /** The values of a member in JSON that is not quite JSON (its number keys have no quotes). */
  List<String> members(String name) {
    List<String> values = new ArrayList<>();
    Matcher matcher = Pattern.compile("\"?\\b" + Pattern.quote(name) + "\"?:\\s*\"?([^\",}\\s]+)")
        .matcher(text);
    while (matcher.find()) {
      values.add(matcher.group(1));
    }
    return values;
  }

  List<String> lines() {
    return text.lines().map(String::strip).toList();
  }
}
