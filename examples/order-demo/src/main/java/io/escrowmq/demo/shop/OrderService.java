package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.Handler;
import io.escrowmq.client.Message;
import io.escrowmq.demo.Mode;
import io.escrowmq.demo.agree.Agreement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places the orders, row and messages in one transaction, and confirms or cancels them when the payment
 * notice comes. A customer's next order is placed when the one before it has been answered. After a
 * restart its database tells where it was.
 */
final class OrderService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OrderService.class);
  private static final int PLACING = 4;
  private static final long RETRY_MILLIS = 200;

  static final String TABLE = "CREATE TABLE IF NOT EXISTS orders (order_id INT PRIMARY KEY,"
      + " customer INT NOT NULL, number INT NOT NULL, item VARCHAR(20) NOT NULL,"
      + " quantity INT NOT NULL, attempt VARCHAR(36) NOT NULL, state VARCHAR(10) NOT NULL)";

  /** The customer has taken the order back before it was placed. */
  static final class WithdrawnException extends RuntimeException {

    private WithdrawnException(Demand demand) {
      super("the order " + demand.order() + " is withdrawn");
    }
  }

  private final Surroundings with;
  private final Map<Integer, Deque<Demand>> lanes = new TreeMap<>(); // each guarded by itself
  private final ScheduledExecutorService placing = Executors.newScheduledThreadPool(PLACING);
  private final Consumer notices;

  OrderService(Surroundings with) throws SQLException {
    this.with = with;
    Databases.create(with.database(), TABLE);
    for (Demand demand : Demand.all(with.settings().seed(), with.settings().orders())) {
      lanes.computeIfAbsent(demand.customer(), none -> new ArrayDeque<>()).add(demand);
    }
    Handler paid = with.changing(OrderService::paid);
    this.notices = with.consume(Shop.PAYMENTS, notice -> {
      paid.handle(notice);
      continueSoon(Required.number(notice, Shop.CUSTOMER));
    });
    lanes.keySet().forEach(this::continueSoon);
  }

  private void continueSoon(int customer) {
    placing.execute(() -> advance(customer));
  }

  /** Places the customer's orders up to one that has to be answered first. */
  private void advance(int customer) {
    Deque<Demand> lane = lanes.getOrDefault(customer, new ArrayDeque<>());
    synchronized (lane) {
      try {
        while (!lane.isEmpty() && isOver(lane.element())) {
          lane.remove();
        }
      } catch (Exception e) {
        LOG.info("order {} is tried again", lane.element().order(), e);
        var unused = placing.schedule(() -> advance(customer), RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private boolean isOver(Demand demand) throws Exception {
    String state = stateOf(demand.order());
    if (state == null) {
      return !isPlaced(demand);
    }
    return !state.equals("PLACED");
  }

  /** False when the customer has withdrawn. */
  private boolean isPlaced(Demand demand) throws Exception {
    try {
      with.attempts()
          .make(
              demand.order(),
              (connection, messages, attempt) -> place(demand, attempt, connection, messages));
      return true;
    } catch (WithdrawnException e) {
      return false;
    }
  }

  private void place(
      Demand demand, String attempt, Connection connection, Agreement.Outgoing messages)
      throws SQLException {
    long begun = System.currentTimeMillis();
    Databases.update(
        connection,
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, 'PLACED')",
        demand.order(),
        demand.customer(),
        demand.number(),
        demand.item(),
        demand.quantity(),
        attempt);
    messages.send(message(Shop.ORDERS, demand, attempt, begun));
    if (with.settings().mode() != Mode.LISTENER) {
      messages.send(message(Shop.JOURNAL, demand, attempt, begun));
    }
    if (demand.withdrawn()) {
      throw new WithdrawnException(demand);
    }
  }

  private static Message message(String topic, Demand demand, String attempt, long begun) {
    return Message.to(topic)
        .tag("placed")
        .key("order-" + demand.order())
        .orderingKey("customer-" + demand.customer())
        .property(Shop.ORDER, Integer.toString(demand.order()))
        .property(Shop.CUSTOMER, Integer.toString(demand.customer()))
        .property(Shop.NUMBER, Integer.toString(demand.number()))
        .property(Shop.ITEM, demand.item())
        .property(Shop.QUANTITY, Integer.toString(demand.quantity()))
        .property(Shop.ATTEMPT, attempt)
        .property(Shop.BEGUN, Long.toString(begun))
        .body(demand.quantity() + " x " + demand.item());
  }

  private static void paid(Connection connection, Delivery notice) throws SQLException {
    boolean due = "DUE".equals(notice.property(Shop.STATE));
    Databases.update(
        connection,
        "UPDATE orders SET state = ? WHERE order_id = ?",
        due ? "CONFIRMED" : "CANCELLED",
        Required.number(notice, Shop.ORDER));
  }

  private @Nullable String stateOf(int order) throws SQLException {
    try (Connection connection = with.database().getConnection();
        PreparedStatement select =
            connection.prepareStatement("SELECT state FROM orders WHERE order_id = ?")) {
      select.setInt(1, order);
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? found.getString(1) : null;
      }
    }
  }

  @Override
  public void close() {
    placing.shutdownNow();
    notices.close();
  }
}
