package io.escrowmq.client.handle;

import io.escrowmq.client.DecidingHandler;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.pull.StoredDelivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the application's handler, and makes a verdict of whatever it does. Any thread. */
final class HandlerCall {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerCall.class);

  private final DecidingHandler handler;
  private final String group;

  HandlerCall(DecidingHandler handler, String group) {
    this.handler = handler;
    this.group = group;
  }

  Verdict handle(StoredDelivery delivery) {
    try {
      return handleOrThrow(delivery);
    } catch (Exception e) {
      LOG.warn(
          "the handler of {} failed with {}, delivery {}", group, delivery, delivery.attempt(), e);
      return Verdict.retry();
    }
  }

  /** Returns or throws as the handler does. */
  Verdict handleOrThrow(StoredDelivery delivery) throws Exception {
    return handler.handle(delivery);
  }
}
