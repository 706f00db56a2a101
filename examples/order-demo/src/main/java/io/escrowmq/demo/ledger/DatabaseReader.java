package io.escrowmq.demo.ledger;

import io.escrowmq.demo.Role;
import io.escrowmq.demo.ledger.Books.Answer;
import io.escrowmq.demo.ledger.Books.Attempt;
import io.escrowmq.demo.ledger.Books.Notice;
import io.escrowmq.demo.ledger.Books.Order;
import io.escrowmq.demo.ledger.Books.Stock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the services' databases. Owner: whoever asks. */
public final class DatabaseReader {

  /**
   * How far the order service has come.
   *
   * @param withdrawn orders that were taken back and so are none
   */
  public record Progress(int placed, int confirmed, int cancelled, int withdrawn) {

    /** Orders that nothing more will happen to. */
    public int over() {
      return confirmed + cancelled + withdrawn;
    }
  }

  private final Function<Role, String> addresses;

  /**
   * @param addresses the JDBC address of each service's database
   */
  public DatabaseReader(Function<Role, String> addresses) {
    this.addresses = addresses;
  }

  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> rows(Role role, String sql, Row<T> row) throws SQLException {
    try (Connection connection = DriverManager.getConnection(addresses.apply(role));
        PreparedStatement select = connection.prepareStatement(sql);
        ResultSet found = select.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(row.read(found));
      }
      return rows;
    }
  }

  /** How far the order service has come. */
  public Progress progress() throws SQLException {
    return rows(
            Role.ORDERS,
            "SELECT (SELECT COUNT(*) FROM orders), "
                + "(SELECT COUNT(*) FROM orders WHERE state = 'CONFIRMED'), "
                + "(SELECT COUNT(*) FROM orders WHERE state = 'CANCELLED'), "
                + "(SELECT COUNT(DISTINCT order_id) FROM attempts WHERE told = 'WITHDRAWN')",
            row -> new Progress(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4)))
        .get(0);
  }

  /** All tries of all services. */
  public Map<Role, List<Attempt>> attempts() throws SQLException {
    Map<Role, List<Attempt>> attempts = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      attempts.put(
          role,
          rows(
              role,
              "SELECT attempt, order_id, told FROM attempts",
              row -> new Attempt(row.getString(1), row.getInt(2), row.getString(3))));
    }
    return attempts;
  }

  /** The order service's orders. */
  public List<Order> orders() throws SQLException {
    return rows(
        Role.ORDERS,
        "SELECT order_id, customer, number, attempt, state FROM orders ORDER BY order_id",
        row -> new Order(
            row.getInt(1), row.getInt(2), row.getInt(3), row.getString(4), row.getString(5)));
  }

  /** The inventory. */
  public List<Stock> stock() throws SQLException {
    return rows(
        Role.INVENTORY,
        "SELECT item, at_first, at_hand FROM stock ORDER BY item",
        row -> new Stock(row.getString(1), row.getInt(2), row.getInt(3)));
  }

  /** The inventory service's answers, in their order. */
  public List<Answer> answers() throws SQLException {
    return rows(
        Role.INVENTORY,
        "SELECT order_id, customer, number, item, quantity, attempt, answer FROM answers"
            + " ORDER BY sequence",
        row -> new Answer(
            row.getInt(1),
            row.getInt(2),
            row.getInt(3),
            row.getString(4),
            row.getInt(5),
            row.getString(6),
            row.getString(7)));
  }

  /** The payment notices. */
  public List<Notice> notices() throws SQLException {
    return rows(
        Role.PAYMENTS,
        "SELECT order_id, attempt, state FROM notices",
        row -> new Notice(row.getInt(1), row.getString(2), row.getString(3)));
  }
}
