package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.Delivery;
import io.escrowmq.demo.agree.Agreement;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes a payment notice for each order, due if its stock is reserved and void if not, and sends it
 * with that state in its properties.
 */
final class PaymentNotifier implements AutoCloseable {

  private final Surroundings with;
  private final Consumer answers;

  PaymentNotifier(Surroundings with) throws SQLException {
    this.with = with;
    Databases.create(
        with.database(),
        "CREATE TABLE IF NOT EXISTS notices (order_id INT NOT NULL, attempt VARCHAR(36) NOT NULL,"
            + " state VARCHAR(10) NOT NULL)");
    this.answers = with.consume(Shop.STOCK, this::answered);
  }

  private void answered(Delivery answer) throws Exception {
    with.attempts()
        .make(
            Required.number(answer, Shop.ORDER),
            (connection, messages, attempt) -> notify(answer, attempt, connection, messages));
  }

  private void notify(
      Delivery answer, String attempt, Connection connection, Agreement.Outgoing messages)
      throws SQLException {
    long begun = System.currentTimeMillis();
    with.handled().remember(connection, answer);
    String state = "RESERVED".equals(answer.property(Shop.STATE)) ? "DUE" : "VOID";
    Databases.update(
        connection,
        "INSERT INTO notices VALUES (?, ?, ?)",
        Required.number(answer, Shop.ORDER),
        attempt,
        state);
    messages.send(Answers.to(Shop.PAYMENTS, answer, state, attempt, begun));
  }

  @Override
  public void close() {
    answers.close();
  }
}
