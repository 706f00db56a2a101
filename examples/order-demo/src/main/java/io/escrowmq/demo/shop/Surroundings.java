package io.escrowmq.demo.shop;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Handler;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.StartFrom;
import io.escrowmq.demo.Guard;
import io.escrowmq.demo.agree.Agreement;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import java.sql.Connection;
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
   * Starts to consume the topic; what was handled before is no failure. Messages of different
   * customers are handled side by side. Those of one customer follow from each other, so there are
   * never two; an orderly consumer would have to wait for a minute whenever one that holds its queues
   * is killed.
   */
  Consumer consume(String topic, Handler handler) {
    return client
        .consumer(settings.role().word())
        .subscribe(topic)
        .startFrom(StartFrom.begin())
        .concurrency(HANDLERS)
        .retryAfter(RETRY_AFTER)
        .handler(delivery -> {
          probe.pass(Point.DELIVERED);
          try {
            handler.handle(delivery);
          } catch (HandledMessages.DuplicateException e) {
            return;
          }
          probe.pass(Point.HANDLED);
          RECORDED.execute(() -> probe.pass(Point.ACKNOWLEDGED));
        })
        .start();
  }
}
