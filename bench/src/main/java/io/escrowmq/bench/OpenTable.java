package io.escrowmq.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures of several runs side by side. Owner: one caller. */
final class OpenTable {
  private final List<String> titles = new ArrayList<>();
  private final List<Map<OpenFigure, Double>> columns = new ArrayList<>();

  /** A figure that means nothing in this run is missing in it. */
  void add(String title, Map<OpenFigure, Double> figures) {
    titles.add(title);
    columns.add(Map.copyOf(figures));
  }

  /** One line of JSON for the column that was added last. */
  String json() {
    int last = titles.size() - 1;
    StringBuilder text = new StringBuilder("{\"run\":\"" + titles.get(last) + "\"");
    for (OpenFigure figure : OpenFigure.values()) {
      Double value = columns.get(last).get(figure);
      if (value != null) {
        text.append(String.format(Locale.ROOT, ",\"%s\":%.3f", figure.word(), value));
      }
    }
    return text.append('}').toString();
  }

  String markdown() {
    StringBuilder text = new StringBuilder("| what | " + String.join(" | ", titles) + " |\n");
    text.append("| --- |").append(" --- |".repeat(titles.size())).append('\n');
    for (OpenFigure figure : OpenFigure.values()) {
      if (columns.stream().anyMatch(column -> column.containsKey(figure))) {
        text.append("| ").append(figure.label()).append(" |");
        columns.forEach(column -> text.append(' ').append(cell(figure, column)).append(" |"));
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static String cell(OpenFigure figure, Map<OpenFigure, Double> column) {
    Double value = column.get(figure);
    if (value == null) {
      return "-";
    }
    boolean isWhole = Math.abs(value) >= 100 || value == Math.rint(value);
    return String.format(Locale.ROOT, isWhole ? "%,.0f" : "%.2f", value) + figure.verdict(value);
  }
}
