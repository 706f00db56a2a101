package io.escrowmq.broker;

import io.escrowmq.broker.core.LogCore;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.state.StateFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a core that was restored from a state file up to the end of its log. When that is a long way it
 * tells how far it is, and writes state files as it goes, so that a start which is interrupted is not begun
 * anew by the next one. Of a copy, it goes on with what comes later. Owner: one thread.
 */
final class Replay {

  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  /** Less: a start spends its time on state files; more: an interrupted one repeats more. */
  private static final long STATE_EVERY_BYTES = 1L << 30;

  private static final long TELL_EVERY_BYTES = 256L << 20;
  private static final int RECORDS_A_DRAIN = 1024; // as a turn: queues seal then what they gathered
  private static final double MEBIBYTE = 1 << 20;

  private final BrokerCore core;
  private final LogCore store;
  private final StateFiles states;
  private final @Nullable Salvage salvage;
  private final long stateEveryBytes;
  private long lastState; // the position of the newest state file
  private long lastTold;
  private long records;

  /** @param salvage takes what cannot be applied; null: that is an error */
  Replay(BrokerCore core, CorePlan plan, @Nullable Salvage salvage) {
    this.core = core;
    this.store = core.store;
    this.states = plan.states();
    this.salvage = salvage;
    this.stateEveryBytes = Math.min(STATE_EVERY_BYTES, 4L * plan.settings().segmentBytes());
  }

  /** Applies all that was recorded from a position on. */
  void from(long position) {
    long end = store.log().end();
    lastState = position;
    lastTold = position;
    if (end - position >= TELL_EVERY_BYTES) {
      LOG.info("applying {} MiB of the log", mebibytes(end - position));
    }
    store.log().replay(position, record -> {
      beforeRecordAt(record.position(), position, end);
      apply(record);
      records++;
      if (records % RECORDS_A_DRAIN == 0) {
        store.queues().drainTouched(ConsumeQueue::publish);
      }
    });
    core.upkeep().states().restored(records == 0 ? end : lastState);
    store.queues().drainTouched(ConsumeQueue::publish);
  }

  /** Applies what was copied since, from where it ended last to a position at which a record begins or ends. */
  void goOn(long from, long to) {
    store.log().replay(from, to, this::apply);
    store.queues().drainTouched(ConsumeQueue::publish);
  }

  private void beforeRecordAt(long at, long from, long end) {
    if (at - lastTold >= TELL_EVERY_BYTES) {
      lastTold = at;
      LOG.info(
          "applied {} of {} MiB of the log ({} %)",
          mebibytes(at - from), mebibytes(end - from), (at - from) * 100 / (end - from));
    }
    if (salvage == null && at - lastState >= stateEveryBytes && isKept(at)) {
      writeState(at);
    }
  }

  // A state file that is ahead of what may be cut would have to be put aside.
  private boolean isKept(long at) {
    return store.log().durable() >= at && store.log().visible() >= at;
  }

  private static long mebibytes(long bytes) {
    return Math.round(bytes / MEBIBYTE);
  }

  // Costs nothing but a longer start when it fails.
  private void writeState(long position) {
    lastState = position;
    Map<String, Image> images = new LinkedHashMap<>();
    for (View view : core.upkeep().stored()) {
      images.put(view.name(), view.image());
    }
    try {
      states.write(position, images);
      LOG.info("state file written at {}: a start that is interrupted goes on there", position);
    } catch (StorageException e) {
      LOG.warn("no state file at {}: {}", position, e.getMessage());
    }
  }

  // A record that no view can use would otherwise end every start with the trace of some exception.
  private void apply(LogRecord record) {
    if (salvage != null) {
      salvage.apply(record, core);
      return;
    }
    long position = record.position();
    try {
      store.appliers().apply(record);
    } catch (RuntimeException e) {
      if (!StorageException.isOfTheRecord(e)) {
        throw e;
      }
      throw new StorageException(
          StorageException.Reason.CORRUPT,
          "the " + record.kind() + " record at position " + position + " of "
              + store.log().fileOf(position) + " is whole, but cannot be applied: "
              + e.getMessage(),
          e);
    }
  }
}
