package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.StoredHalf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where RocketMQ puts half-messages that nobody decided: copies in a topic that people can read. A
 * crash between copy and decision may leave a second copy, and so may an operator who decides in
 * between. Owner: the log loop.
 */
final class ExhaustedTopic {

  static final int BYTES_A_TURN = 4 << 20;

  private static final int QUEUE = 0;
  private static final int MOST_UNFINISHED = 1_000;

  private final CommitLog log;
  private final QueueViews queues;
  private final int bytesATurn;
  private long bytesLeft;

  // How many half-messages are copied of each transaction that takes several turns. One that an
  // operator decides in between stays here: the oldest gives way.
  private final Map<Long, Integer> unfinished = new LinkedHashMap<>();

  /** @param bytesATurn a turn ends with the copy that passes it */
  ExhaustedTopic(CommitLog log, QueueViews queues, int bytesATurn) {
    this.log = log;
    this.queues = queues;
    this.bytesATurn = bytesATurn;
  }

  /** How far copying went. */
  enum CopyProgress {
    /** All are copied. */
    ALL,
    /** Enough for one turn; the next one goes on. */
    SOME,
    /** One is damaged, fits no segment, or finds no room: its transaction is kept. */
    NOT
  }

  /** A turn begins: so many bytes may be copied in it. */
  void onTurn() {
    bytesLeft = bytesATurn;
  }

  /** Copies the half-messages of a transaction, one by one, some in each turn when they are large. */
  CopyProgress take(Recorder recorder, long id, List<StoredHalf> halves) {
    int copied = unfinished.getOrDefault(id, 0);
    unfinished.remove(id);
    try (LogReader reader = log.newReaderOfTurn()) {
      for (; copied < halves.size(); copied++) {
        if (bytesLeft <= 0) {
          goOnWith(id, copied);
          return CopyProgress.SOME;
        }
        byte[] copy = copy(reader, halves.get(copied));
        if (!recorder.hasRoom(copy.length)) {
          return CopyProgress.NOT;
        }
        record(recorder, copy);
        bytesLeft -= copy.length;
      }
      return CopyProgress.ALL;
    }
  }

  private void goOnWith(long id, int copied) {
    if (copied == 0) {
      return;
    }
    if (unfinished.size() == MOST_UNFINISHED) {
      unfinished.remove(unfinished.keySet().iterator().next());
    }
    unfinished.put(id, copied);
  }

  private void record(Recorder recorder, byte[] copy) {
    long queueOffset = queues.tail(TopicNames.TRANSACTION_CHECKS_EXHAUSTED, QUEUE);
    recorder.record(RecordKind.MESSAGE, 0, copy.length, (position, batch) -> {
      MessageCodec.stamp(copy, queueOffset, position, recorder.nowMillis());
      batch.put(copy);
    });
  }

  private static byte[] copy(LogReader reader, StoredHalf half) {
    LogRecord record = reader.read(half.position());
    if (record == null) {
      throw new StorageException(
          StorageException.Reason.CORRUPT,
          "the half-message at " + half.position() + " is in escrow, but its segment is gone");
    }
    MessageView view = MessageView.of(record.payload().position(StoredMessages.messageAt(record)));
    String properties = view.properties();
    properties = appended(
        properties, PropertyNames.PRODUCER_GROUP, HalfRecord.of(record).terms().group());
    properties = appended(properties, PropertyNames.REAL_TOPIC, view.topic());
    properties =
        appended(properties, PropertyNames.REAL_QUEUE_ID, Integer.toString(view.queueId()));
    return MessageCodec.encode(new NewMessage(
        TopicNames.TRANSACTION_CHECKS_EXHAUSTED,
        QUEUE,
        view.flag(),
        SysFlags.withTransaction(view.sysFlag(), SysFlags.TRANSACTION_NONE),
        view.bornTimestamp(),
        view.bornHost(),
        view.storeHost(),
        view.reconsumeTimes(),
        0,
        view.body(),
        properties));
  }

  // Without it where there is no room for it: a copy that says less is better than none.
  private static String appended(String properties, String name, String value) {
    String longer = Properties.appended(properties, name, value);
    return Properties.byteLength(longer) <= Properties.MAX_BYTES ? longer : properties;
  }
}
