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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
  private final Set<Long> tried = new HashSet<>(); // addresses of chunks, in this round
  private @Nullable StorageException lastFailure; // of this round
  private boolean hasLooked; // at all chunks, since there was damage
  private int pauseTicks = 1;
  private int ticksLeftOut;

  QueueRebuild(CommitLog log, ConsumeQueues queues) {
    this.log = log;
    this.queues = queues;
  }

  /**
   * Makes some of what was found damaged again, and first looks once for all else that is damaged by
   * now, since the log is read for it. What fails is tried again in the next round, after a pause.
   */
  void onTick() {
    if (queues.damaged().isEmpty()) {
      endRound();
      hasLooked = false;
      pauseTicks = 1;
      ticksLeftOut = 0;
      return;
    }
    if (--ticksLeftOut > 0) {
      return;
    }
    if (!hasLooked) {
      hasLooked = true;
      lookAtAll();
    }
    List<DamagedChunk> some = untried();
    rebuildSome(some);
    if (untried().isEmpty() && !queues.damaged().isEmpty()) {
      LOG.warn(
          "{} damaged parts of queues cannot be made again now: {}",
          queues.damaged().size(),
          lastFailure == null ? "there are more since then" : lastFailure.getMessage());
      pauseTicks = Math.min(2 * pauseTicks, MOST_TICKS_LEFT_OUT); // each round reads the log
      ticksLeftOut = pauseTicks;
      endRound();
    }
  }

  private void endRound() {
    tried.clear();
    lastFailure = null;
  }

  private void lookAtAll() {
    try {
      queues.findDamaged();
    } catch (StorageException e) {
      LOG.warn("not all parts of queues can be looked at now: {}", e.getMessage());
    }
  }

  private List<DamagedChunk> untried() {
    return queues.damaged().stream()
        .filter(chunk -> !tried.contains(chunk.address()))
        .limit(MOST_AT_ONCE)
        .toList();
  }

  /**
   * Makes all chunks again that are damaged; answers how many messages the log does not have.
   *
   * @throws StorageException when some cannot be made now; the others are made
   */
  int rebuildAll() {
    int missing = 0;
    queues.findDamaged();
    for (List<DamagedChunk> some = untried(); !some.isEmpty(); some = untried()) {
      missing += rebuildSome(some);
    }
    if (lastFailure != null && !queues.damaged().isEmpty()) {
      throw lastFailure;
    }
    return missing;
  }

  // Answers how many messages are missing.
  private int rebuildSome(List<DamagedChunk> some) {
    some.forEach(chunk -> tried.add(chunk.address()));
    ChunkRebuild rebuild = queues.rebuild(some);
    try {
      log.scan(0, Long.MAX_VALUE, record -> offer(record, rebuild), (why, goesOnAt) -> {
        lastFailure = why;
        rebuild.unreadable(goesOnAt);
      });
      int missing = rebuild.finish();
      queues.rebuilt(rebuild.made());
      LOG.info(
          "{} of {} damaged parts of queues were made again from the log; {} of their messages are"
              + " not there any more",
          rebuild.made().size(),
          some.size(),
          missing);
      return missing;
    } catch (StorageException e) { // the disk does not take them
      lastFailure = e;
      return 0;
    }
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
