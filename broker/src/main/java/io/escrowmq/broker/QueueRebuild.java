package io.escrowmq.broker;

import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.ChunkRebuild;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.DamagedChunk;
import java.util.Comparator;
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

  private static final int MOST_AT_ONCE = 4096; // chunks, 6 KB of heap for each
  private static final int PIECE_BYTES = 16 << 20; // of the log
  private static final int MOST_TICKS_LEFT_OUT = 60;
  private final CommitLog log;
  private final ConsumeQueues queues;
  private final int mostAtOnce;
  private final int pieceBytes;
  private final MessageView view = new MessageView();
  private final Set<Long> tried = new HashSet<>(); // addresses of chunks, in this round
  private @Nullable StorageException lastFailure; // of this round
  private boolean hasLooked; // at all chunks, since there was damage
  private int pauseTicks = 1;
  private int ticksLeftOut;
  private long readBytes;

  QueueRebuild(CommitLog log, ConsumeQueues queues) {
    this(log, queues, MOST_AT_ONCE, PIECE_BYTES);
  }

  /**
   * @param mostAtOnce chunks that are made in one reading of their part of the log
   * @param pieceBytes so much is read before it is asked whether all was found
   */
  QueueRebuild(CommitLog log, ConsumeQueues queues, int mostAtOnce, int pieceBytes) {
    this.log = log;
    this.queues = queues;
    this.mostAtOnce = mostAtOnce;
    this.pieceBytes = pieceBytes;
  }

  /** So much of the log was read so far, in bytes. */
  long readBytes() {
    return readBytes;
  }

  /**
   * Makes some of what was found damaged again, and first looks once for all else that is damaged by
   * now, since the log is read for it. What fails is tried again in the next round, after a pause.
   */
  void onTick() {
    queues.lookAgain();
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
    if (!some.isEmpty()) {
      rebuildSome(some);
    }
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

  // In the order of the log, so that those made at once are found in one part of it.
  private List<DamagedChunk> untried() {
    return queues.damaged().stream()
        .filter(chunk -> !tried.contains(chunk.address()) && isWritten(chunk))
        .sorted(Comparator.comparingLong(DamagedChunk::after))
        .limit(mostAtOnce)
        .toList();
  }

  // What is sealed, and not published yet, is of records that the log may not have yet.
  private boolean isWritten(DamagedChunk chunk) {
    ConsumeQueue queue = queues.find(chunk.topic(), chunk.queueId());
    return queue != null && queue.maxOffset() >= chunk.firstOffset() + chunk.count();
  }

  /** Makes all chunks again that are damaged, but for those of which the log cannot be read now. */
  RebuildReport rebuildAll() {
    int missing = 0;
    queues.findDamaged();
    for (List<DamagedChunk> some = untried(); !some.isEmpty(); some = untried()) {
      missing += rebuildSome(some);
    }
    String why = lastFailure == null ? "" : ": " + lastFailure.getMessage();
    return new RebuildReport(
        missing, queues.damaged().stream().map(chunk -> chunk + why).toList());
  }

  // Answers how many messages are missing.
  private int rebuildSome(List<DamagedChunk> some) {
    some.forEach(chunk -> tried.add(chunk.address()));
    ChunkRebuild rebuild = queues.rebuild(some);
    try {
      long end = log.written(); // what comes later is not of these
      long from = Math.max(log.start(), rebuild.from());
      long at = from;
      while (at < end && !rebuild.isFound()) {
        long to = Math.min(end, at + pieceBytes);
        scan(at, to - 1, rebuild);
        at = to;
      }
      readBytes += at - from;
      int missing = rebuild.finish();
      queues.rebuilt(rebuild.made());
      LOG.info(
          "{} of {} damaged parts of queues were made again from {} bytes of the log; {} of their"
              + " messages are not there any more",
          rebuild.made().size(),
          some.size(),
          at - from,
          missing);
      return missing;
    } catch (StorageException e) { // the disk does not take them
      lastFailure = e;
      return 0;
    }
  }

  private void scan(long from, long to, ChunkRebuild rebuild) {
    log.scan(from, to, new SoundRecords(record -> offer(record, rebuild)), (why, goesOnAt) -> {
      lastFailure = why;
      rebuild.unreadable(goesOnAt);
    });
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
