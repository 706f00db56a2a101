package io.escrowmq.broker.pull;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;

/** Looks into a queue for what a pull wants. Any event loop. */
final class QueueLook {

  private static final int ENTRIES_A_LOOK = 64;

  private final ConsumeQueues queues;
  private final CommitLog log;
  private final PullSettings settings;
  private final ThreadLocal<QueueEntries> buffers =
      ThreadLocal.withInitial(() -> new QueueEntries(ENTRIES_A_LOOK));

  QueueLook(ConsumeQueues queues, CommitLog log, PullSettings settings) {
    this.queues = queues;
    this.log = log;
    this.settings = settings;
  }

  /** Whether the queue has anything at or behind the pull's offset. */
  boolean hasNews(Pull pull) {
    ConsumeQueue queue = queues.find(pull.topic(), pull.queueId());
    return queue != null && queue.maxOffset() > pull.offset();
  }

  PullResult look(Pull pull) {
    ConsumeQueue queue = queues.find(pull.topic(), pull.queueId());
    long offset = pull.offset();
    if (queue == null || queue.maxOffset() == 0) {
      return offset == 0
          ? new PullResult(PullResult.Status.AT_THE_END, null, 0, 0, 0)
          : new PullResult(PullResult.Status.OUTSIDE, null, 0, 0, 0);
    }
    long min = queue.minOffset();
    long max = queue.maxOffset();
    if (offset < min) {
      return new PullResult(PullResult.Status.OUTSIDE, null, min, min, max);
    }
    if (offset > max) {
      return new PullResult(PullResult.Status.OUTSIDE, null, max, min, max);
    }
    if (offset == max) {
      return new PullResult(PullResult.Status.AT_THE_END, null, max, min, max);
    }
    return scan(pull, queue, min, max);
  }

  /** The answer that sends a consumer to another offset, which an operator asked for. */
  PullResult outside(Pull pull, long offset) {
    ConsumeQueue queue = queues.find(pull.topic(), pull.queueId());
    long min = queue == null ? 0 : queue.minOffset();
    long max = queue == null ? 0 : queue.maxOffset();
    return new PullResult(PullResult.Status.OUTSIDE, null, offset, min, max);
  }

  private PullResult scan(Pull pull, ConsumeQueue queue, long min, long max) {
    QueueEntries entries = buffers.get();
    long end = Math.min(max, pull.offset() + settings.mostScanned());
    FoundMessages found = new FoundMessages(
        log.newReader(),
        Math.min(pull.mostMessages(), ENTRIES_A_LOOK),
        pull.subscription().filter());
    long next = pull.offset();
    int read = 0;
    boolean full = false;
    while (!full && next < end) {
      int count = queue.read(next, entries);
      if (count == 0) {
        break;
      }
      for (int i = 0; i < count && !full; i++) {
        if (pull.subscription().matches(entries.tagCode(i))) {
          int length = entries.recordLength(i);
          if (found.count() > 0 && found.length() + length > pull.mostBytes()) {
            full = true;
            break;
          }
          found.add(entries.position(i), entries.offset(i), entries.storeTimeMillis(i));
          read += length;
          full = found.count() >= pull.mostMessages() || read >= settings.mostBytesRead();
        }
        next = entries.offset(i) + 1;
      }
    }
    if (found.count() > 0) {
      return new PullResult(PullResult.Status.FOUND, found, next, min, max);
    }
    found.release();
    return new PullResult(PullResult.Status.NO_MATCH, null, next, min, max);
  }
}
