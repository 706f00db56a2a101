package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Handler;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.StartFrom;
import io.escrowmq.demo.Guard;
import io.escrowmq.demo.agree.Agreement;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * What every service works with. Immutable.
 *
 * @param database the service's own, not under observation
 * @param agreement its way to make database and messages agree
 */
record Surroundings(
    ServiceSettings settings,
    EscrowClient client,
    DataSource database,
    Agreement agreement,
    Attempts attempts,
    HandledMessages handled,
    Probe probe) {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int HANDLERS = 4;
  // consumers record how far they came every second
  private static final Executor RECORDED =
      CompletableFuture.delayedExecutor(1_300, TimeUnit.MILLISECONDS);

  /** A handler that changes the database and sends nothing; at most once for each message. */
  Handler changing(IdempotentHandler.Work work) {
    if (settings.without().contains(Guard.IDEMPOTENCE)) {
      return delivery -> {
        try (Connection connection = database.getConnection()) {
          work.handle(connection, delivery);
        }
      };
    }
    return IdempotentHandler.on(database)
        .group(settings.role().word())
        .createTable()
        .handler(work);
  }

  /**
   * A handler that answers each message with another one, to the topic: rows and message in one
   * transaction, at most once for each message.
   */
  Handler answering(String topic, Reply reply) {
    return cause -> attempts.make(
        RequiredProperties.number(cause, Shop.ORDER), (connection, messages, attempt) -> {
          long begun = System.currentTimeMillis();
          handled.remember(connection, cause);
          String state = reply.decide(connection, cause, attempt);
          messages.send(Answers.to(topic, cause, state, attempt, begun));
        });
  }

  /** What becomes of one message. */
  @FunctionalInterface
  interface Reply {

    /** Writes it down, and returns it as the state that the answer tells. */
    String decide(Connection connection, Delivery cause, String attempt) throws SQLException;
  }

  /** Starts to consume the topics, messages side by side. */
  Consumer consume(Handler handler, String... topics) {
    return consumer(topics).handler(watched(handler)).start();
  }

  /** Starts to consume the topic, the messages of each customer one after the other. */
  Consumer consumeInOrder(Handler handler, String topic) {
    return consumer(topic).orderlyHandler(watched(handler)).start();
  }

  private ConsumerBuilder consumer(String... topics) {
    ConsumerBuilder consumer = client
        .consumer(settings.role().word())
        .startFrom(StartFrom.begin())
        .concurrency(HANDLERS)
        .retryAfter(RETRY_AFTER);
    for (String topic : topics) {
      consumer.subscribe(topic);
    }
    return consumer;
  }

  /** What was handled before is no failure. */
  private Handler watched(Handler handler) {
    return delivery -> {
      probe.pass(Point.DELIVERED);
      try {
        handler.handle(delivery);
      } catch (HandledMessages.DuplicateException e) {
        return;
      }
      probe.pass(Point.HANDLED);
      RECORDED.execute(() -> probe.pass(Point.ACKNOWLEDGED));
    };
  }
}
