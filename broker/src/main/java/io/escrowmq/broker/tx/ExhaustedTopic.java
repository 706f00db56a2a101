package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.StoredMessages;
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
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where RocketMQ puts half-messages that nobody decided: copies in a topic that people can read. A
 * crash between copy and decision may leave a second copy. Owner: the log loop.
 */
final class ExhaustedTopic {

  private static final Logger LOG = LoggerFactory.getLogger(ExhaustedTopic.class);

  private static final int QUEUE = 0;

  private final CommitLog log;
  private final QueueViews queues;

  ExhaustedTopic(CommitLog log, QueueViews queues) {
    this.log = log;
    this.queues = queues;
  }

  /** Copies them; false when that cannot be done now, and nothing was copied. */
  boolean isTaken(Recorder recorder, List<StoredHalf> halves) {
    List<byte[]> copies;
    try (LogReader reader = log.newReader()) {
      copies = halves.stream().map(half -> copy(reader, half)).toList();
    } catch (StorageException e) {
      LOG.error("a half-message that nobody decided is damaged; its transaction is kept", e);
      return false;
    }
    int bytes = copies.stream().mapToInt(copy -> copy.length).sum();
    if (!recorder.hasRoom(bytes)) {
      return false;
    }
    for (byte[] copy : copies) {
      long queueOffset = queues.tail(TopicNames.TRANSACTION_CHECKS_EXHAUSTED, QUEUE);
      long position = recorder.positionFor(copy.length);
      MessageCodec.stamp(copy, queueOffset, position, recorder.nowMillis());
      recorder.record(RecordKind.MESSAGE, 0, copy);
    }
    return true;
  }

  private static byte[] copy(LogReader reader, StoredHalf half) {
    LogRecord record = reader.read(half.position());
    if (record == null) {
      throw new IllegalStateException(
          "the half-message at " + half.position() + " is in escrow, but its segment is gone");
    }
    MessageView view = MessageView.of(record.payload().position(StoredMessages.messageAt(record)));
    String whose = Properties.appended(
        view.properties(), PropertyNames.PRODUCER_GROUP, HalfRecord.of(record).group());
    String real = Properties.appended(whose, PropertyNames.REAL_TOPIC, view.topic());
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
        Properties.appended(real, PropertyNames.REAL_QUEUE_ID, Integer.toString(view.queueId()))));
  }
}
