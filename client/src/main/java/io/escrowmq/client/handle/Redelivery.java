package io.escrowmq.client.handle;

import io.escrowmq.client.Verdict;
import io.escrowmq.client.pull.StoredDelivery;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What becomes of messages that were not done. Any thread. */
interface Redelivery {

  /**
   * Has it delivered again later, or set aside. A stage that fails means that no broker took it: the
   * caller keeps it, and handles it again from memory.
   *
   * @param verdict a retry or dead letter
   */
  CompletionStage<Void> again(StoredDelivery delivery, Verdict verdict);

  /** Whether this delivery is the last one that it gets. */
  boolean isLast(StoredDelivery delivery);

  /** How long an ordered queue waits before it handles the message again. */
  Duration pauseAfter(StoredDelivery delivery);
}
