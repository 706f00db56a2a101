package io.escrowmq.client.handle;

import io.escrowmq.client.Verdict;
import io.escrowmq.client.pull.StoredDelivery;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For broadcasting: a message that failed here was done elsewhere, so no broker can deliver it again.
 * It is handled again from memory and, after its last time, logged and left.
 */
final class LocalRedelivery implements Redelivery {

  private static final Logger LOG = LoggerFactory.getLogger(LocalRedelivery.class);

  private final RetrySettings settings;

  LocalRedelivery(RetrySettings settings) {
    this.settings = settings;
  }

  @Override
  public CompletionStage<Void> again(StoredDelivery delivery, Verdict verdict) {
    if (verdict.kind() == Verdict.Kind.DEAD_LETTER || isLast(delivery)) {
      LOG.error("gave up {} after {} deliveries", delivery, delivery.attempt());
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.failedFuture(new IllegalStateException("kept for another time"));
  }

  @Override
  public boolean isLast(StoredDelivery delivery) {
    return delivery.attempt() >= settings.maxDeliveries();
  }

  @Override
  public Duration pauseAfter(StoredDelivery delivery) {
    return settings.orderedPauseAfter(delivery.attempt());
  }
}
