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

  private static final int MOST_AT_ONCE =
      4096; // chunks, 6 KB of heap for each; the others come next

  private static final int MOST_TICKS_LEFT_OUT = 60;
  private final CommitLog log;
  private final ConsumeQueues queues;
  private final MessageView view = new MessageView();
  private int pauseTicks = 1;
  private int ticksLeftOut;

  QueueRebuild(CommitLog log, ConsumeQueues queues) {
    this.log = log;
    this.queues = queues;
  }

  /**
   * Makes again what was found damaged so far, and all else that is damaged by now, since the log is
   * read from its start for it. A failure is tried again next time.
   */
  void onTick() {
    if (queues.damaged().isEmpty() || --ticksLeftOut > 0) {
      return;
    }
    try {
      int missing = rebuildSome(allDamaged());
      LOG.info("{} messages of parts that were made again are not in the log any more", missing);
      pauseTicks = 1;
    } catch (StorageException e) {
      pauseTicks = Math.min(2 * pauseTicks, MOST_TICKS_LEFT_OUT); // each time reads the log
      ticksLeftOut = pauseTicks;
      LOG.warn("damaged parts of queues cannot be made again now: {}", e.getMessage());
    }
  }

  private List<DamagedChunk> allDamaged() {
    try {
      return queues.findDamaged();
    } catch (StorageException e) {
      LOG.warn("not all parts of queues can be looked at now: {}", e.getMessage());
      return queues.damaged();
    }
  }

  /** Makes all chunks again that are damaged; answers how many messages the log does not have. */
  int rebuildAll() {
    int missing = 0;
    List<DamagedChunk> damaged = queues.findDamaged();
    while (!damaged.isEmpty()) {
      missing += rebuildSome(damaged);
      damaged = queues.damaged();
    }
    return missing;
  }

  private int rebuildSome(List<DamagedChunk> found) {
    List<DamagedChunk> damaged = found.subList(0, Math.min(found.size(), MOST_AT_ONCE));
    ChunkRebuild rebuild = queues.rebuild(damaged);
    log.scan(record -> offer(record, rebuild));
    int missing = rebuild.finish();
    queues.rebuilt(damaged);
    LOG.info("{} damaged parts of queues were made again from the log", damaged.size());
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
