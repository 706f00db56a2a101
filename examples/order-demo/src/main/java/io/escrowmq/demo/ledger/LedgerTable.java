package io.escrowmq.demo.ledger;

import io.escrowmq.demo.Role;
import io.escrowmq.demo.ledger.Books.Attempt;
import io.escrowmq.demo.ledger.Books.Stock;
import io.escrowmq.demo.shop.Shop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ledger as a table that a person can read. */
public final class LedgerTable {

  private static final int MOST_VIOLATIONS = 5; // of one invariant

  private LedgerTable() {}

  /**
   * The table.
   *
   * @param survived what was done to the processes, in words, with how often
   */
  public static String of(Books books, List<Finding> findings, Map<String, Integer> survived) {
    StringBuilder lines = new StringBuilder();
    row(
        lines,
        "orders",
        books.orders().size() + " placed, " + books.withdrawn() + " withdrawn, of "
            + books.wanted());
    row(lines, "stock reserved for", answers(books, "RESERVED") + " orders");
    row(lines, "refused", answers(books, "REFUSED") + " orders");
    row(lines, "confirmed", orders(books, "CONFIRMED"));
    row(lines, "cancelled", orders(books, "CANCELLED"));
    for (Stock stock : books.stock()) {
      row(
          lines,
          "stock of " + stock.item() + "s",
          stock.atFirst() + " before, " + stock.atHand() + " after");
    }
    row(lines, "messages visible", books.messages().size());
    row(lines, "transactions in doubt", books.inDoubt());
    row(lines, "ends nobody was told of", told(books, null) + told(books, "UNKNOWN"));
    row(lines, "rolled back", told(books, "ROLLED_BACK") + " by a failure");
    row(lines, "duplicates suppressed", told(books, "DUPLICATE"));
    survived.forEach((what, times) -> row(lines, what, times));
    row(lines, "time to visible", timeToVisible(books));
    lines.append('\n');
    for (Finding finding : findings) {
      lines.append(String.format(
          "  %s  %-5s  %s%n",
          finding.invariant(), finding.holds() ? "holds" : "FAILS", finding.claim()));
      finding.violations().stream()
          .limit(MOST_VIOLATIONS)
          .forEach(violation -> lines.append("             ").append(violation).append('\n'));
      int more = finding.violations().size() - MOST_VIOLATIONS;
      if (more > 0) {
        lines.append("             and ").append(more).append(" more\n");
      }
    }
    return lines.toString();
  }

  private static void row(StringBuilder lines, String what, Object value) {
    lines.append(String.format("  %-26s %s%n", what, value));
  }

  private static long answers(Books books, String answer) {
    return books.answers().stream().filter(row -> row.answer().equals(answer)).count();
  }

  private static long orders(Books books, String state) {
    return books.orders().stream().filter(row -> row.state().equals(state)).count();
  }

  private static long told(Books books, @Nullable String told) {
    long count = 0;
    for (Role role : Role.values()) {
      for (Attempt attempt : books.attemptsOf(role)) {
        if (Objects.equals(attempt.told(), told)) {
          count++;
        }
      }
    }
    return count;
  }

  private static String timeToVisible(Books books) {
    long[] millis = books.in(Shop.ORDERS).stream()
        .mapToLong(message -> message.storedMillis() - message.begunMillis())
        .sorted()
        .toArray();
    if (millis.length == 0) {
      return "nothing is visible";
    }
    return "median " + millis[millis.length / 2] + " ms, longest " + millis[millis.length - 1]
        + " ms";
  }
}
