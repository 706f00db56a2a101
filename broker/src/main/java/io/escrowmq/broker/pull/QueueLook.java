package io.escrowmq.broker.pull;

import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;
import org.jspecify.annotations.Nullable;

/** Looks into a queue for what a pull wants. Any event loop. */
final class QueueLook {

  private static final int ENTRIES_A_LOOK = 64;
  private static final int SMALL_SHARE = 8; // below this part of a pull's work, it is like others

  private final ConsumeQueues queues;
  private final CommitLog log;
  private final PullSettings settings;
  private final UnreadableMessages unreadable;
  private final ThreadLocal<QueueEntries> buffers =
      ThreadLocal.withInitial(() -> new QueueEntries(ENTRIES_A_LOOK));

  QueueLook(
      ConsumeQueues queues, CommitLog log, PullSettings settings, UnreadableMessages unreadable) {
    this.queues = queues;
    this.log = log;
    this.settings = settings;
    this.unreadable = unreadable;
  }

  /** Whether the queue has anything at or behind the pull's offset. */
  boolean hasNews(Pull pull) {
    ConsumeQueue queue = queues.find(pull.topic(), pull.queueId());
    return queue != null && queue.maxOffset() > pull.offset();
  }

  /** Where a queue ends; 0 when there is none. */
  long end(String topic, int queueId) {
    ConsumeQueue queue = queues.find(topic, queueId);
    return queue == null ? 0 : queue.maxOffset();
  }

  PullResult look(Pull pull) {
    ConsumeQueue queue = queues.find(pull.topic(), pull.queueId());
    long offset = pull.offset();
    if (queue == null || queue.maxOffset() == 0) {
      return offset == 0
          ? new PullResult(PullResult.Status.AT_THE_END, null, 0, 0, 0)
          : new PullResult(PullResult.Status.BEYOND_END, null, 0, 0, 0);
    }
    long min = queue.minOffset();
    long max = queue.maxOffset();
    if (offset < min) {
      return new PullResult(PullResult.Status.OUTSIDE, null, min, min, max);
    }
    if (offset > max) {
      return new PullResult(PullResult.Status.BEYOND_END, null, max, min, max);
    }
    if (offset == max) {
      return new PullResult(PullResult.Status.AT_THE_END, null, max, min, max);
    }
    return scan(pull, queue, min, max);
  }

  /** The answer that sends a consumer to another offset, as after a reset. */
  PullResult outside(String topic, int queueId, long offset) {
    ConsumeQueue queue = queues.find(topic, queueId);
    long min = queue == null ? 0 : queue.minOffset();
    long max = queue == null ? 0 : queue.maxOffset();
    return new PullResult(PullResult.Status.OUTSIDE, null, offset, min, max);
  }

  private PullResult scan(Pull pull, ConsumeQueue queue, long min, long max) {
    FoundMessages found = new FoundMessages(
        log.newReader(),
        Math.min(pull.limits().messages(), ENTRIES_A_LOOK),
        pull.subscription().filter());
    boolean isHandedOn = false;
    try {
      PullResult result = scan(pull, queue, min, max, found);
      isHandedOn = result.found() != null;
      return result;
    } finally {
      if (!isHandedOn) {
        found.release();
      }
    }
  }

  private PullResult scan(Pull pull, ConsumeQueue queue, long min, long max, FoundMessages found) {
    QueueEntries entries = buffers.get();
    long end = Math.min(max, pull.offset() + settings.mostScanned());
    long next = pull.offset();
    int read = 0;
    boolean full = false;
    String leftOut = null;
    try {
      while (!full && next < end) {
        int count = queue.read(next, entries);
        if (count == 0) {
          break;
        }
        for (int i = 0; i < count && !full; i++) {
          if (entries.hasMessage(i) && pull.subscription().matches(entries.tagCode(i))) {
            int length = entries.recordLength(i);
            if (found.count() > 0 && found.length() + length > pull.limits().bytes()) {
              full = true;
              break;
            }
            String trouble = add(pull, found, entries, i);
            leftOut = trouble == null ? leftOut : trouble;
            read += length;
            full = found.count() >= pull.limits().messages()
                || read >= settings.mostBytesRead()
                || found.workDone() >= settings.mostWork();
          }
          next = entries.offset(i) + 1;
        }
      }
    } catch (StorageException e) {
      if (found.count() == 0 && next == pull.offset()) {
        return new PullResult(
            PullResult.Status.UNREADABLE, null, next, min, max, unreadable(pull, next, e));
      }
      // What was found before it is delivered; the next pull begins there and is refused.
    }
    if (found.workDone() >= settings.mostWork() / SMALL_SHARE) {
      pull.outcome().giveWay();
    }
    return found.count() > 0
        ? new PullResult(PullResult.Status.FOUND, found, next, min, max, leftOut)
        : new PullResult(PullResult.Status.NO_MATCH, null, next, min, max, leftOut);
  }

  // What was left out, in words; null when nothing was. A single record that is damaged for good
  // must not stop all that come after it. Any other failure may be over soon, or needs an operator.
  private @Nullable String add(Pull pull, FoundMessages found, QueueEntries entries, int i) {
    long position = entries.position(i);
    String why;
    try {
      if (found.add(
          position, entries.offset(i), entries.storeTimeMillis(i), settings.mostAnswerBytes())) {
        return null;
      }
      why = "no answer can carry it";
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.CORRUPT
          || log.failure() != null
          || !found.isDamagedAlone(position, entries.recordLength(i))) {
        throw e;
      }
      why = String.valueOf(e.getMessage());
    }
    String where = pull.topic() + "/" + pull.queueId() + " offset " + entries.offset(i);
    unreadable.note(where, position, why);
    return "the message at " + where + " is left out: " + why;
  }

  private static String unreadable(Pull pull, long offset, StorageException e) {
    return "the queue " + pull.topic() + "/" + pull.queueId() + " cannot be read at offset "
        + offset
        + " now, and nothing behind it is delivered before it can; try again. If it stays so, an"
        + " operator has to bring the file back, or to set the group's offset behind the damage: "
        + e.getMessage();
  }
}
