package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.visible.KeySink;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.broker.visible.VisibleValue;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.KeyIndex;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is due when. Owner: the log loop.
 *
 * <p>A delayed message is stored once, as DELAYED; when it is due a small DELIVERY record makes it
 * visible. It is recorded again when its segment ages, and then keeps its due time. Deliveries go by
 * due time, then by position; but a message that cannot be read now is tried again later and does not
 * hold up those behind it. The DELIVERY record says which message it is about, so a restart finds the
 * same order.
 *
 * <pre>
 * DELAYED              due int64 | message
 * DELAYED, flag MOVED  due int64 | from int64 | first int64 | message
 *
 * from: where the message lay before; first: where it was first recorded
 * </pre>
 */
public final class DelayedMessages implements View, Duty, EscrowedMessages {

  private static final Logger LOG = LoggerFactory.getLogger(DelayedMessages.class);

  static final String VIEW_NAME = "delayed";

  private static final int DELIVERIES_A_TURN = 256;
  private static final int BYTES_A_TURN = 1 << 20; // to read and check; a turn ends when it passes
  private static final int FAILURES_A_TURN = 16;
  private static final long PAUSE_MILLIS = 200; // between looks for room, or at a disk that fails
  private static final long AGAIN_MILLIS = 5_000; // until a message is read again that could not be
  private static final long QUIET_MILLIS = 10_000; // between lines about such messages

  /** Says whether the topic is still there that a message was recorded for at a position. */
  @FunctionalInterface
  public interface Topics {
    boolean hold(String topic, long position);
  }

  private final CommitLog log;
  private final QueueViews queues;
  private final Topics topics;
  private final SegmentAges ages;
  private final UnreadableMessages unreadable;
  private final LastingFailures failures;
  private final MessageView message = new MessageView();
  private final DueTimes due = new DueTimes();
  private final VisibleValue<Integer> waitingToBeSeen;
  private long pausedUntilMillis;
  private long quietUntilMillis;

  public DelayedMessages(
      CommitLog log,
      QueueViews queues,
      Topics topics,
      SegmentAges ages,
      UnreadableMessages unreadable,
      Ticker ticker) {
    this.log = log;
    this.waitingToBeSeen = new VisibleValue<>(log::visible, 0);
    this.queues = queues;
    this.topics = topics;
    this.ages = ages;
    this.unreadable = unreadable;
    this.failures = new LastingFailures(ticker);
  }

  /** What stands before an encoded message in a DELAYED record. */
  public static byte[] front(long dueMillis) {
    return new FieldWriter("a DELAYED record", StoredMessages.DELAYED_AT)
        .int64(dueMillis)
        .toBytes();
  }

  /** How many messages wait, for whoever judges by it. Any thread; may lag. */
  public int waiting() {
    return due.size();
  }

  /** How many messages wait, as far as that may be seen. Any thread; may lag. */
  public int visiblyWaiting() {
    return waitingToBeSeen.get();
  }

  // Facts

  public void applyDelayed(LogRecord record) {
    ByteBuffer payload = record.payload();
    long dueMillis = payload.getLong();
    if (!StoredMessages.isMovedDelayed(record)) {
      due.add(dueMillis, record.position(), record.recordLength());
      counted(record.position());
      return;
    }
    long from = payload.getLong();
    if (!due.move(from, record.position(), record.recordLength())) {
      throw notWaiting(from);
    }
  }

  /**
   * A half-message with a delay was committed: it waits like the others from now on.
   *
   * @param decidedAt the position of its decision
   */
  public void addCommitted(long dueMillis, long position, int recordLength, long decidedAt) {
    due.add(dueMillis, position, recordLength);
    counted(decidedAt);
  }

  private void counted(long recordedAt) {
    waitingToBeSeen.set(due.size(), recordedAt);
  }

  public void applyDelivery(LogRecord record) {
    Delivery delivery = Delivery.of(record.payload());
    if (!due.remove(delivery.position())) {
      throw notWaiting(delivery.position());
    }
    counted(record.position());
    if (delivery.release() != null) {
      queues.release(delivery.release(), record.position());
    }
  }

  private static IllegalStateException notWaiting(long position) {
    return new IllegalStateException("no delayed message waits at " + position);
  }

  /** What the delivery of a message that was recorded again is found by: where it was first recorded. */
  public static long key(long first) {
    return KeyIndex.hash("", "delayed at " + first);
  }

  /** What a DELIVERY record makes visible; null when it could not. */
  public static @Nullable Release releaseOf(LogRecord delivery) {
    return Delivery.of(delivery.payload()).release();
  }

  /** The keys that a DELIVERY record is found by. */
  public static void keysOf(LogRecord delivery, KeySink into) {
    Release release = releaseOf(delivery);
    if (release != null) {
      release.keysOf(delivery.position(), into);
    }
  }

  // Duty

  @Override
  public long nextMillis() {
    return due.size() == 0 ? Long.MAX_VALUE : Math.max(due.earliestTry(), pausedUntilMillis);
  }

  @Override
  public void onTick(Recorder recorder) {
    long ageing = ages.ageingBefore(recorder.nowMillis());
    long bytes = 0;
    int failures = 0;
    for (int i = 0; i < DELIVERIES_A_TURN && bytes < BYTES_A_TURN; i++) {
      if (!isOneDue(recorder.nowMillis())) {
        return;
      }
      if (failures == FAILURES_A_TURN || !recorder.hasReserveRoom(Delivery.MOST_BYTES)) {
        pausedUntilMillis = recorder.nowMillis() + PAUSE_MILLIS;
        return;
      }
      long position = due.earliestPosition();
      int length = deliver(recorder, position, ageing);
      if (length < 0) {
        due.postpone(position, recorder.nowMillis() + AGAIN_MILLIS);
        failures++;
      }
      bytes += Math.max(0, length);
    }
  }

  // What this very batch holds is not in the file yet and waits for the next turn.
  private boolean isOneDue(long nowMillis) {
    return due.size() > 0
        && due.earliestTry() <= nowMillis
        && due.earliestPosition() < log.written();
  }

  // How many bytes it read; negative: the message cannot be read now. Only reading is tried here: a
  // failure of recording is the log's, and stops it.
  private int deliver(Recorder recorder, long position, long ageing) {
    try (LogReader reader = log.newReaderOfTurn()) {
      LogRecord record;
      try {
        record = reader.read(position);
      } catch (StorageException e) {
        if (isLost(recorder, position, e)) {
          drop(recorder, position, String.valueOf(e.getMessage()));
          return 0;
        }
        tellOfFailure(recorder.nowMillis(), position, e);
        return -1;
      }
      if (record == null) {
        drop(recorder, position, "its segment is gone");
        return 0;
      }
      failures.hasWorked(position);
      int length = record.recordLength();
      recorder.record(RecordKind.DELIVERY, 0, delivery(recorder, record, ageing).toPayload());
      return length;
    }
  }

  // A message that became visible in an old segment would go with it: it is recorded again first.
  private Delivery delivery(Recorder recorder, LogRecord record, long ageing) {
    long position = record.position();
    MessageView view = message.wrap(record.payload(), StoredMessages.messageAt(record));
    long first = StoredMessages.firstPosition(record, view);
    if (!topics.hold(view.topic(), first)) {
      return Delivery.topicGone(position);
    }
    Release release = Release.of(
        position,
        record.recordLength(),
        recorder.nowMillis(),
        queues.tail(view.topic(), view.queueId()),
        view);
    int grown = record.recordLength() + StoredMessages.MOVED_DELAYED_AT;
    if (position < ageing && recorder.hasRoom(grown)) {
      position = recordAgain(recorder, record);
      release = release.movedTo(position, due.length(position));
    }
    // Its sender knows it by the place where it was first, which may be gone by now.
    return Delivery.visible(position == first ? release : release.alsoFoundBy(key(first)));
  }

  private long recordAgain(Recorder recorder, LogRecord record) {
    long from = record.position();
    MessageView view = message.wrap(record.payload(), StoredMessages.messageAt(record));
    byte[] front = new FieldWriter("a DELAYED record", StoredMessages.MOVED_DELAYED_AT)
        .int64(due.due(from))
        .int64(from)
        .int64(StoredMessages.firstPosition(record, view))
        .toBytes();
    return EscrowRenewal.recordAgain(
        recorder, RecordKind.DELAYED, record, StoredMessages.MOVED, front);
  }

  // A message that still cannot be read when its segment is twice as old as it is kept anyway would
  // hold that segment, and all behind it, for ever. A failure that has just begun says nothing.
  private boolean isLost(Recorder recorder, long position, StorageException why) {
    boolean hasFailedForLong = failures.hasFailedForLong(position);
    return why.reason() == StorageException.Reason.CORRUPT
        || (hasFailedForLong && position < ages.longExpiredBefore(recorder.nowMillis()));
  }

  private void drop(Recorder recorder, long position, String why) {
    unreadable.note("a delayed message", position, why);
    recorder.record(RecordKind.DELIVERY, 0, Delivery.unreadable(position).toPayload());
  }

  private void tellOfFailure(long nowMillis, long position, StorageException why) {
    if (nowMillis >= quietUntilMillis) {
      quietUntilMillis = nowMillis + QUIET_MILLIS;
      LOG.warn("the delayed message at {} cannot be read now and is tried again", position, why);
    }
  }

  // Escrow

  @Override
  public String kind() {
    return "delayed message";
  }

  @Override
  public long oldestPosition() {
    return due.smallestPosition();
  }

  @Override
  public int longestRecord(int shortEnough) {
    if (due.longestEver() <= shortEnough) {
      return due.longestEver();
    }
    int[] longest = {0};
    due.forEach((dueMillis, at, length) -> longest[0] = Math.max(longest[0], length));
    return longest[0];
  }

  @Override
  public List<Place> before(long position, int most) {
    List<Place> found = new ArrayList<>();
    due.before(
        Math.min(position, log.written()),
        most,
        (dueMillis, at, length) -> found.add(new Place(at, at, length)));
    return found;
  }

  @Override
  public void recordAgain(Recorder recorder, Place place, LogRecord record) {
    failures.hasWorked(place.position());
    recordAgain(recorder, record);
  }

  @Override
  public boolean isGivenUp(Recorder recorder, Place place, StorageException why) {
    if (!isLost(recorder, place.position(), why)) {
      return false;
    }
    drop(recorder, place.position(), String.valueOf(why.getMessage()));
    return true;
  }

  // View

  @Override
  public String name() {
    return VIEW_NAME;
  }

  @Override
  public Image beginImage() {
    return due.beginImage();
  }

  @Override
  public void restore(DataInput in) throws IOException {
    DueImage.read(in, due);
    counted(-1);
  }
}
