package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Release;
import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is due when. Owner: the log loop.
 *
 * <p>A delayed message is stored once, as DELAYED; when it is due a small DELIVERY record makes it
 * visible. Deliveries go by due time, then by position, so that the record's effect is the same at
 * restart: it always takes the earliest.
 *
 * <pre>
 * DELAYED   due time int64 | message
 * </pre>
 */
public final class DelayedMessages implements View, Duty {

  private static final Logger LOG = LoggerFactory.getLogger(DelayedMessages.class);

  private static final int DELIVERIES_A_TURN = 256;
  private static final long PAUSE_MILLIS = 200; // between looks for room on a full disk

  /** Says whether a topic still exists. */
  @FunctionalInterface
  public interface Topics {
    boolean exist(String topic);
  }

  private final CommitLog log;
  private final QueueViews queues;
  private final Topics topics;
  private final MessageView message = new MessageView();
  private final DueTimes due = new DueTimes();
  private long pausedUntilMillis;

  public DelayedMessages(CommitLog log, QueueViews queues, Topics topics) {
    this.log = log;
    this.queues = queues;
    this.topics = topics;
  }

  /** What stands before an encoded message in a DELAYED record. */
  public static byte[] front(long dueMillis) {
    return ByteBuffer.allocate(StoredMessages.DELAYED_AT).putLong(dueMillis).array();
  }

  /** How many messages wait. Any thread; may lag. */
  public int waiting() {
    return due.size();
  }

  /** The oldest message that still waits; segments from here on must be kept. */
  public long oldestPosition() {
    return due.smallestPosition();
  }

  // Facts

  public void applyDelayed(LogRecord record) {
    ByteBuffer payload = record.payload();
    due.add(payload.getLong(payload.position()), record.position());
  }

  /** A half-message with a delay was committed: it waits like the others from now on. */
  public void addCommitted(long dueMillis, long position) {
    due.add(dueMillis, position);
  }

  public void applyDelivery(LogRecord record) {
    Delivery delivery = Delivery.of(record.payload());
    take(delivery.position());
    if (delivery.release() != null) {
      queues.release(delivery.release(), record.position());
    }
  }

  private void take(long position) {
    if (due.size() == 0 || due.earliestPosition() != position) {
      throw new IllegalStateException(
          "a delivery takes the message at " + position + ", which is not the earliest due");
    }
    due.removeEarliest();
  }

  /** What a DELIVERY record makes visible; null when it could not. */
  public static @Nullable Release releaseOf(LogRecord delivery) {
    return Delivery.of(delivery.payload()).release();
  }

  // Duty

  @Override
  public long nextMillis() {
    return due.size() == 0 ? Long.MAX_VALUE : Math.max(due.earliestDue(), pausedUntilMillis);
  }

  @Override
  public void onTick(Recorder recorder) {
    for (int i = 0; i < DELIVERIES_A_TURN && isOneDue(recorder.nowMillis()); i++) {
      if (!recorder.hasReserveRoom(Delivery.MOST_BYTES)) {
        pausedUntilMillis = recorder.nowMillis() + PAUSE_MILLIS;
        return;
      }
      recorder.record(
          RecordKind.DELIVERY, 0, delivery(due.earliestPosition(), recorder.nowMillis()));
    }
  }

  // What this very batch holds is not in the file yet and waits for the next turn.
  private boolean isOneDue(long nowMillis) {
    return due.size() > 0
        && due.earliestDue() <= nowMillis
        && due.earliestPosition() < log.written();
  }

  private byte[] delivery(long position, long nowMillis) {
    try (LogReader reader = log.newReader()) {
      LogRecord record = reader.read(position);
      if (record != null) {
        ByteBuffer payload = record.payload();
        MessageView view = message.wrap(payload, StoredMessages.messageAt(record));
        if (topics.exist(view.topic())) {
          long queueOffset = queues.tail(view.topic(), view.queueId());
          Release release =
              Release.of(position, record.recordLength(), nowMillis, queueOffset, view);
          return new Delivery(position, release).toPayload();
        }
      }
    } catch (StorageException e) {
      LOG.error("the delayed message at {} is damaged and cannot be delivered", position, e);
    }
    return new Delivery(position, null).toPayload();
  }

  // View

  @Override
  public String name() {
    return "delayed";
  }

  @Override
  public Image image() {
    long[] pairs = due.toPairs();
    return out -> {
      out.writeInt(pairs.length / 2);
      for (long value : pairs) {
        out.writeLong(value);
      }
    };
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      due.add(in.readLong(), in.readLong());
    }
  }
}
