package io.escrowmq.broker;

import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.queue.DamagedRun;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.queue.RunRebuild;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes damaged runs of the key index again from the log, while look-ups that need them are refused
 * and try again. Owner: one thread of its own, beside the log loop.
 */
final class KeyRebuild {

  private static final Logger LOG = LoggerFactory.getLogger(KeyRebuild.class);

  private static final int MOST_AT_ONCE = 16; // runs; the others come next
  private static final int MOST_TICKS_LEFT_OUT = 60;

  private final CommitLog log;
  private final KeyIndex keys;
  private final MessageView view = new MessageView();
  private int next; // of those that are damaged, in turn
  private int pauseTicks = 1;
  private int ticksLeftOut;

  KeyRebuild(CommitLog log, KeyIndex keys) {
    this.log = log;
    this.keys = keys;
  }

  /**
   * Makes again what was found damaged so far, one after the other, so that those that cannot be made
   * now keep none of the others waiting. When none can be made it is tried again after a pause.
   */
  void onTick() {
    keys.lookAgain();
    List<DamagedRun> damaged = keys.damaged();
    if (damaged.isEmpty()) {
      pauseTicks = 1;
      ticksLeftOut = 0;
      return;
    }
    if (--ticksLeftOut > 0) {
      return;
    }
    boolean isAnyMade = false;
    for (int i = Math.min(damaged.size(), MOST_AT_ONCE); i > 0; i--) {
      isAnyMade |= isMade(damaged.get(Math.floorMod(next++, damaged.size())));
    }
    pauseTicks = isAnyMade ? 1 : Math.min(2 * pauseTicks, MOST_TICKS_LEFT_OUT);
    ticksLeftOut = pauseTicks;
  }

  private boolean isMade(DamagedRun run) {
    try {
      int missing = rebuild(run);
      LOG.info(
          "made again from the log: {}; {} of the keys are not in the log any more", run, missing);
      return true;
    } catch (StorageException e) {
      LOG.warn("{} cannot be made again now: {}", run, e.getMessage());
      return false;
    }
  }

  /** Makes all runs again that are damaged, but for those of which the log cannot be read now. */
  RebuildReport rebuildAll() {
    int missing = 0;
    List<String> leftOut = new ArrayList<>();
    for (DamagedRun run : keys.findDamaged()) {
      try {
        missing += rebuild(run);
      } catch (StorageException e) {
        leftOut.add(run + ": " + e.getMessage());
      }
    }
    return new RebuildReport(missing, leftOut);
  }

  private int rebuild(DamagedRun run) {
    RunRebuild rebuild = keys.rebuild(List.of(run));
    log.scan(
        rebuild.from(),
        rebuild.to(),
        new SoundRecords(record -> offer(record, rebuild)),
        (why, goesOnAt) -> {
          throw why;
        });
    return rebuild.finish();
  }

  private void offer(LogRecord record, RunRebuild rebuild) {
    if (!rebuild.wants(record.position())) {
      return;
    }
    switch (record.kind()) {
      case MESSAGE ->
        QueueViews.keysOf(
            record, view.wrap(record.payload(), StoredMessages.messageAt(record)), rebuild::offer);
      case DELIVERY -> DelayedMessages.keysOf(record, rebuild::offer);
      case DECISION -> Transactions.keysOf(record, rebuild::offer);
      case DELAYED, HALF, CHECK, CONSUMER_OFFSETS, TOPIC, TOPIC_DELETED, GROUP, GROUP_DELETED -> {
        // found by no key
      }
    }
  }
}
