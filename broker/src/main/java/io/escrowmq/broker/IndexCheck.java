package io.escrowmq.broker;

import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of queues and keys bit by bit, from the start on and again each day, so that
 * damage is made good before a reader meets it, and offsets whose message is lost are told. Owner: the thread that makes it good.
 */
final class IndexCheck {

  private static final Logger LOG = LoggerFactory.getLogger(IndexCheck.class);

  private static final int CHUNKS_A_TURN = 512; // 3 MB
  private static final int QUEUES_A_TURN = 4096;
  private static final Duration EVERY = Duration.ofDays(1);

  private final ConsumeQueues queues;
  private final KeyIndex keys;
  private final LostMessages lost;
  private final Ticker ticker;
  private final Deque<ConsumeQueue> left = new ArrayDeque<>();
  private long nextOffset; // of the first queue that is left
  private long keysBehind = -1;
  private boolean isUnderWay;
  private long nextPassMillis = Long.MIN_VALUE;

  IndexCheck(ConsumeQueues queues, KeyIndex keys, LostMessages lost, Ticker ticker) {
    this.queues = queues;
    this.keys = keys;
    this.lost = lost;
    this.ticker = ticker;
  }

  /** Looks at some more; who reads what is damaged is refused from then on, until it is made again. */
  void onTick() {
    if (!isUnderWay) {
      if (ticker.millis() < nextPassMillis) {
        return;
      }
      left.addAll(queues.all());
      keysBehind = 0;
      isUnderWay = true;
      lost.begin();
    }
    try {
      if (!left.isEmpty()) {
        lookAtQueues();
      } else {
        keysBehind = keys.checkBehind(keysBehind);
      }
    } catch (StorageException e) {
      LOG.warn("a file of the queues or keys cannot be checked now: {}", e.getMessage());
      left.poll();
      nextOffset = 0;
      keysBehind = left.isEmpty() ? -1 : keysBehind; // the next pass looks at them again
    }
    if (left.isEmpty() && keysBehind < 0) {
      isUnderWay = false;
      lost.end();
      nextPassMillis = ticker.millis() + EVERY.toMillis();
    }
  }

  private void lookAtQueues() {
    for (int i = 0; i < QUEUES_A_TURN && !left.isEmpty(); i++) {
      ConsumeQueue queue = left.element();
      nextOffset = queue.checkChunks(
          nextOffset,
          CHUNKS_A_TURN,
          (from, to) -> lost.note(queue.topic(), queue.queueId(), from, to));
      if (nextOffset >= 0) {
        return;
      }
      left.remove();
      nextOffset = 0;
    }
  }
}
