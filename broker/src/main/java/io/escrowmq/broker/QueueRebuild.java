package io.escrowmq.broker;

import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.Release;
import io.escrowmq.broker.core.StoredMessages;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ChunkRebuild;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.DamagedChunk;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes damaged parts of the queues again from the log, while consumers of these parts are refused
 * and try again. Owner: one thread of its own, beside the log loop.
 */
final class QueueRebuild {

  private static final Logger LOG = LoggerFactory.getLogger(QueueRebuild.class);

  private final CommitLog log;
  private final ConsumeQueues queues;
  private final MessageView view = new MessageView();

  QueueRebuild(CommitLog log, ConsumeQueues queues) {
    this.log = log;
    this.queues = queues;
  }

  /** Makes again what readers have found damaged so far; a failure is tried again next time. */
  void onTick() {
    List<DamagedChunk> damaged = queues.damaged();
    if (damaged.isEmpty()) {
      return;
    }
    try {
      int missing = rebuild(damaged);
      LOG.info(
          "made again from the log: {}; {} messages of them are gone with old segments",
          damaged,
          missing);
    } catch (StorageException e) {
      LOG.warn("{} cannot be made again now: {}", damaged, e.getMessage());
    }
  }

  /** Makes chunks again; answers how many messages the log does not have any more. */
  int rebuild(List<DamagedChunk> damaged) {
    ChunkRebuild rebuild = queues.rebuild(damaged);
    log.scan(record -> offer(record, rebuild));
    int missing = rebuild.finish();
    queues.rebuilt(damaged);
    return missing;
  }

  private void offer(LogRecord record, ChunkRebuild rebuild) {
    switch (record.kind()) {
      case MESSAGE -> {
        view.wrap(record.payload(), StoredMessages.messageAt(record));
        String topic = view.topic();
        if (rebuild.wants(topic)) {
          rebuild.offer(
              topic,
              view.queueId(),
              view.queueOffset(),
              record.position(),
              record.recordLength(),
              QueueViews.tagCode(view),
              view.storeTimestamp());
        }
      }
      case DELIVERY -> {
        Release release = DelayedMessages.releaseOf(record);
        if (release != null) {
          offer(release, rebuild);
        }
      }
      case DECISION -> Transactions.releasesOf(record).forEach(it -> offer(it, rebuild));
      case TOPIC_DELETED -> rebuild.forget(TopicRecords.nameOfDeleted(record.payload()));
      case DELAYED, HALF, CHECK, CONSUMER_OFFSETS, TOPIC, GROUP, GROUP_DELETED -> {
        // nothing becomes visible
      }
    }
  }

  private static void offer(Release release, ChunkRebuild rebuild) {
    rebuild.offer(
        release.topic(),
        release.queueId(),
        release.queueOffset(),
        release.position(),
        release.recordLength(),
        release.tagCode(),
        release.timeMillis());
  }
}
