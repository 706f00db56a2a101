package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.Delivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/**
 * Reserves stock for each order, or refuses it, and says so: stock, answer and message in one
 * transaction, once for each order however often its message comes, each customer's in their order.
 */
final class InventoryService implements AutoCloseable {

  private final Consumer orders;

  InventoryService(Surroundings with) throws SQLException {
    Databases.create(
        with.database(),
        "CREATE TABLE IF NOT EXISTS stock (item VARCHAR(20) PRIMARY KEY, at_first INT NOT NULL,"
            + " at_hand INT NOT NULL)",
        // an order's number is no key here: the ledger has to see it if one is answered twice
        "CREATE TABLE IF NOT EXISTS answers (sequence BIGINT GENERATED ALWAYS AS IDENTITY,"
            + " order_id INT NOT NULL, customer INT NOT NULL, number INT NOT NULL,"
            + " item VARCHAR(20) NOT NULL, quantity INT NOT NULL, attempt VARCHAR(36) NOT NULL,"
            + " answer VARCHAR(10) NOT NULL)");
    stockUp(with);
    this.orders =
        with.consumeInOrder(with.answering(Shop.STOCK, InventoryService::answer), Shop.ORDERS);
  }

  private static void stockUp(Surroundings with) throws SQLException {
    Map<String, Integer> stock =
        Demand.stock(Demand.all(with.settings().seed(), with.settings().orders()));
    try (Connection connection = with.database().getConnection()) {
      for (Map.Entry<String, Integer> item : stock.entrySet()) {
        Databases.update(
            connection,
            "INSERT INTO stock SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM stock WHERE item = ?)",
            item.getKey(),
            item.getValue(),
            item.getValue(),
            item.getKey());
      }
    }
  }

  private static String answer(Connection connection, Delivery placed, String attempt)
      throws SQLException {
    String item = RequiredProperties.text(placed, Shop.ITEM);
    int quantity = RequiredProperties.number(placed, Shop.QUANTITY);
    boolean enough = atHand(connection, item) >= quantity;
    if (enough) {
      Databases.update(
          connection, "UPDATE stock SET at_hand = at_hand - ? WHERE item = ?", quantity, item);
    }
    String state = enough ? "RESERVED" : "REFUSED";
    Databases.update(
        connection,
        "INSERT INTO answers (order_id, customer, number, item, quantity, attempt, answer)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        RequiredProperties.number(placed, Shop.ORDER),
        RequiredProperties.number(placed, Shop.CUSTOMER),
        RequiredProperties.number(placed, Shop.NUMBER),
        item,
        quantity,
        attempt,
        state);
    return state;
  }

  private static int atHand(Connection connection, String item) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT at_hand FROM stock WHERE item = ? FOR UPDATE")) {
      select.setString(1, item);
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? found.getInt(1) : 0;
      }
    }
  }

  @Override
  public void close() {
    orders.close();
  }
}
