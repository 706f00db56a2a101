package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.Handler;
import io.escrowmq.client.Message;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places the orders, row and messages in one transaction, and confirms or cancels them when the payment
 * notice comes. A customer may have several that are open, up to a limit. After a restart its database
 * tells where it was.
 *
 * <p>A customer's next order is placed when the message of the one before it can be seen: it is in its
 * queue. A transaction that a crash has left in doubt is decided later, and would be overtaken.
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
  private final Consumer messages;

  OrderService(Surroundings with) throws SQLException {
    this.with = with;
    Databases.create(with.database(), TABLE);
    for (Demand demand : Demand.all(with.settings().seed(), with.settings().orders())) {
      lanes.computeIfAbsent(demand.customer(), none -> new ArrayDeque<>()).add(demand);
    }
    Handler changing = with.changing(OrderService::change);
    this.messages = with.consume(
        message -> {
          changing.handle(message);
          continueSoon(RequiredProperties.number(message, Shop.CUSTOMER));
        },
        Shop.ORDERS,
        Shop.PAYMENTS);
    lanes.keySet().forEach(this::continueSoon);
  }

  private void continueSoon(int customer) {
    placing.execute(() -> advance(customer));
  }

  /** Places the customer's orders up to one that has to wait for others. */
  private void advance(int customer) {
    Deque<Demand> lane = lanes.getOrDefault(customer, new ArrayDeque<>());
    synchronized (lane) {
      try {
        while (!lane.isEmpty() && isPlaced(lane.element())) {
          lane.remove();
        }
      } catch (Exception e) {
        LOG.info("order {} is tried again", lane.element().order(), e);
        var unused = placing.schedule(() -> advance(customer), RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Whether it is placed, or withdrawn, before or now; false when it has to wait for others. */
  private boolean isPlaced(Demand demand) throws Exception {
    if (count("order_id = ?", demand.order()) > 0) {
      return true;
    }
    if (count("customer = ? AND state = 'PLACED'", demand.customer()) > 0
        || count("customer = ? AND state = 'OPEN'", demand.customer()) >= Demand.MOST_OPEN) {
      return false;
    }
    try {
      with.attempts()
          .make(
              demand.order(),
              (connection, messages, attempt) -> place(demand, attempt, connection, messages));
      return true;
    } catch (WithdrawnException e) {
      return true;
    }
  }

  private int count(String which, int parameter) throws SQLException {
    try (Connection connection = with.database().getConnection();
        PreparedStatement select =
            connection.prepareStatement("SELECT COUNT(*) FROM orders WHERE " + which)) {
      select.setInt(1, parameter);
      try (ResultSet found = select.executeQuery()) {
        found.next();
        return found.getInt(1);
      }
    }
  }

  private void place(
      Demand demand, String attempt, Connection connection, Agreement.TransactionMessages messages)
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
    messages.send(message(Shop.JOURNAL, demand, attempt, begun));
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

  /**
   * Of two phases, that of the message may be over before that of its row, if the database is away: the
   * message has to come again then.
   */
  private static void change(Connection connection, Delivery message) throws SQLException {
    int order = RequiredProperties.number(message, Shop.ORDER);
    int rows = message.topic().equals(Shop.ORDERS)
        ? seen(connection, order)
        : paid(connection, order, "DUE".equals(message.property(Shop.STATE)));
    if (rows == 0) {
      throw new IllegalStateException("the order " + order + " is not in the database yet");
    }
  }

  private static int seen(Connection connection, int order) throws SQLException {
    return Databases.update(
        connection,
        "UPDATE orders SET state = CASE WHEN state = 'PLACED' THEN 'OPEN' ELSE state END"
            + " WHERE order_id = ?",
        order);
  }

  private static int paid(Connection connection, int order, boolean due) throws SQLException {
    return Databases.update(
        connection,
        "UPDATE orders SET state = ? WHERE order_id = ?",
        due ? "CONFIRMED" : "CANCELLED",
        order);
  }

  @Override
  public void close() {
    placing.shutdownNow();
    messages.close();
  }
}
