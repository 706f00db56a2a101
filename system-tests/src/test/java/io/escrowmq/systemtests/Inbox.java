package io.escrowmq.systemtests;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Handler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A handler that keeps what it gets, and fails where it is told to. Any thread. */
final class Inbox implements Handler {

  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final Predicate<Delivery> failing;

  Inbox() {
    this(delivery -> false);
  }

  Inbox(Predicate<Delivery> failing) {
    this.failing = failing;
  }

  @Override
  public void handle(Delivery delivery) {
    deliveries.add(delivery);
    if (failing.test(delivery)) {
      throw new IllegalStateException("told to fail");
    }
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  List<String> bodies() {
    return deliveries.stream().map(Delivery::text).toList();
  }
}
