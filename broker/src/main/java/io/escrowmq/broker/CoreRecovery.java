package io.escrowmq.broker;

import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.state.StateFile;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens cores: each is restored from the newest state file that can be used, then brought up to the log's
 * end by the same appliers that run live.
 */
final class CoreRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(CoreRecovery.class);

  /**
   * By how much the epoch of a start may be above the last one: two brokers that are both started with one log
   * write under different epochs then, almost always, and what differs is found.
   */
  private static final int MOST_EPOCH_STEP = 4096;

  private final CorePlan plan;

  CoreRecovery(CorePlan plan) {
    this.plan = plan;
  }

  /**
   * Opens what lies below the directory, or begins anew when nothing does.
   *
   * @param wentOn lets the clock go on from the newest time that is found, before times are compared
   */
  BrokerCore open(LongConsumer wentOn) {
    while (true) {
      StateFile newest = plan.states().newest();
      BrokerCore core;
      try {
        core = opened(newest, null, this::openToLead);
      } catch (StorageException e) {
        throw e.reason() == StorageException.Reason.CORRUPT ? advised(e, plan.settings()) : e;
      }
      if (core != null) {
        try {
          beforeStart(core, wentOn);
        } catch (IllegalArgumentException e) {
          core.close();
          throw e;
        }
        return core;
      }
      if (newest != null && !newest.isUnreadable()) {
        plan.states().reject(newest);
      }
    }
  }

  /**
   * What a core needs before it is started, when all records are applied.
   *
   * @param wentOn as {@link #open}
   * @throws IllegalArgumentException when the settings do not fit what is in the log
   */
  void beforeStart(BrokerCore core, LongConsumer wentOn) {
    checkSegments(core);
    wentOn.accept(core.store.newestTime().millis());
    core.transactions.transactions().boundChecks();
    plan.states().keepRoom();
  }

  /**
   * The same as {@link #open} for a store that was damaged: what can be applied is, and what is missing is told to the
   * salvage.
   */
  BrokerCore openWhatIsLeft(Salvage salvage) {
    while (true) {
      StateFile newest = plan.states().newest();
      BrokerCore core = opened(newest, salvage, this::openToLead);
      if (core != null) {
        return core;
      }
      if (newest != null && !newest.isUnreadable()) {
        plan.states().reject(newest);
      }
    }
  }

  /**
   * The same for a copy of another broker's log.
   *
   * @param secret of that log, should none be here yet
   */
  BrokerCore openCopy(long secret) {
    while (true) {
      StateFile newest = plan.states().newest();
      BrokerCore core = opened(newest, null, trusted -> openLog(trusted, () -> secret));
      if (core != null) {
        return core;
      }
      if (newest != null && !newest.isUnreadable()) {
        plan.states().reject(newest);
      }
    }
  }

  private CommitLog openToLead(long trustedFrom) {
    CommitLog log = openLog(trustedFrom, plan.surroundings().chance()::secret);
    log.lead(log.copy().lastEpoch() + 1 + plan.surroundings().chance().below(MOST_EPOCH_STEP));
    return log;
  }

  private CommitLog openLog(long trustedFrom, LongSupplier secrets) {
    return CommitLog.openCopy(
        plan.files(),
        plan.settings().storeDirectory().resolve("log"),
        plan.settings().logSettings(),
        trustedFrom,
        plan.surroundings().clock(),
        secrets);
  }

  private static StorageException advised(StorageException damage, BrokerSettings settings) {
    return new StorageException(
        damage.reason(),
        damage.getMessage() + ". Nothing was changed. Bring the files back from a backup; or, to go"
            + " on with what is left, run: escrowmq log repair --set store.dir="
            + settings.storeDirectory() + " (with --dry-run it only says what it would do)",
        damage);
  }

  /** The core at the log's end; null when the state file cannot be used. */
  private @Nullable BrokerCore opened(
      @Nullable StateFile newest, @Nullable Salvage salvage, LongFunction<CommitLog> open) {
    try (newest) {
      CommitLog log = open.apply(newest == null ? 0 : newest.position());
      BrokerCore core = new BrokerCore(plan, log);
      boolean whole = false;
      try {
        whole = restore(core, newest, salvage);
      } finally {
        if (!whole) {
          core.close();
        }
      }
      return whole ? core : null;
    }
  }

  // False when the state file cannot be used; without one, what is missing is an error.
  private boolean restore(BrokerCore core, @Nullable StateFile newest, @Nullable Salvage salvage) {
    LogCore store = core.store;
    if (newest == null) {
      long start = store.log().start();
      StorageException missing =
          salvage == null ? plan.states().missing(start) : plan.states().mayComeBack(start);
      if (missing != null) {
        throw missing;
      }
      plan.states().rejectUnreadable();
      store.queues().forgetBefore(store.log().start());
      store.keys().forgetBefore(store.log().start());
      new Replay(core, plan, salvage).from(store.log().start());
      return true;
    }
    if (newest.position() < store.log().start()) {
      StorageException waits = plan.states().mayComeBack(store.log().start());
      if (waits != null) {
        throw waits; // a newer file is all that knows what lies between
      }
      if (salvage != null) {
        return false;
      }
      throw new StorageException(
          StorageException.Reason.CORRUPT,
          "the state file is of position " + newest.position() + ", but the log begins at "
              + store.log().start()
              + " only: topics, offsets and transactions of what lies between are in"
              + " neither");
    }
    // so that they do not miss files that went with old segments
    store.queues().forgetBefore(store.log().start());
    store.keys().forgetBefore(store.log().start());
    try {
      newest.restore(core.upkeep().stored());
    } catch (StorageException e) {
      if (newest.isUnreadable()) {
        plan.states().passOver(newest, e);
        return false;
      }
      if (e.reason() != StorageException.Reason.CORRUPT) {
        throw e; // the file may be as good as ever
      }
      LOG.warn(
          "the state file at {} cannot be used, an older one is tried: {}",
          newest.position(),
          e.getMessage());
      return false;
    }
    plan.states().rejectUnreadable();
    if (salvage != null) {
      salvage.knowsTopicsBefore(newest.position());
    }
    new Replay(core, plan, salvage).from(newest.position());
    return true;
  }

  // What is in escrow is recorded again before its segment goes: it must fit a new one.
  private void checkSegments(BrokerCore core) {
    int segmentBytes = plan.settings().segmentBytes();
    int missing = EscrowRenewal.missingBytes(
        core.store.log().payloadAtMost(), core.upkeep().held());
    long steps = (missing + LogSettings.SEGMENT_STEP - 1L) / LogSettings.SEGMENT_STEP;
    if (missing > 0) {
      throw new IllegalArgumentException("store.segment-bytes " + segmentBytes
          + " is too small for a half-message or a delayed message that is in escrow and has to be"
          + " recorded again: set it to at least "
          + (segmentBytes + steps * LogSettings.SEGMENT_STEP)
          + " until that message has left escrow");
    }
  }
}
