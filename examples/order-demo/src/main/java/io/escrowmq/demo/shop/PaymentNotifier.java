package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.Delivery;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes a payment notice for each order, due if its stock is reserved and void if not, and sends it
 * with that state in its properties.
 */
final class PaymentNotifier implements AutoCloseable {

  private final Consumer answers;

  PaymentNotifier(Surroundings with) throws SQLException {
    Databases.create(
        with.database(),
        "CREATE TABLE IF NOT EXISTS notices (order_id INT NOT NULL, attempt VARCHAR(36) NOT NULL,"
            + " state VARCHAR(10) NOT NULL)");
    this.answers = with.consume(with.answering(Shop.PAYMENTS, PaymentNotifier::write), Shop.STOCK);
  }

  private static String write(Connection connection, Delivery answer, String attempt)
      throws SQLException {
    String state = "RESERVED".equals(answer.property(Shop.STATE)) ? "DUE" : "VOID";
    Databases.update(
        connection,
        "INSERT INTO notices VALUES (?, ?, ?)",
        RequiredProperties.number(answer, Shop.ORDER),
        attempt,
        state);
    return state;
  }

  @Override
  public void close() {
    answers.close();
  }
}
