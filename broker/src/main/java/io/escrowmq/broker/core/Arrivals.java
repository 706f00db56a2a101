package io.escrowmq.broker.core;

import io.escrowmq.store.queue.ConsumeQueue;

/** Is told which queues have something new to read. Called on the log loop or the flush loop. */
@FunctionalInterface
public interface Arrivals {

  void arrived(ConsumeQueue queue);
}
