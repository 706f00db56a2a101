package io.escrowmq.broker;

import io.escrowmq.broker.replica.CopiedLog;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.LogCopy;
import io.escrowmq.store.RecoveryReport;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A core that grows by what a leader's log has. The same appliers make the same state of it as at the leader, as
 * far as it is committed there, so it has state files, and a broker that is started here later has little to do.
 * No loop has turns on it. What was copied is synced at once, or twice a second. Owner: the follower's loop.
 */
final class FollowedCore implements CopiedLog {

  private static final Logger LOG = LoggerFactory.getLogger(FollowedCore.class);

  private static final long SYNC_EVERY_MILLIS = 500;
  private static final long RETENTION_EVERY_MILLIS = 1_000;

  private final CorePlan plan;
  private @Nullable BrokerCore core;
  private @Nullable Replay replay;
  private long applied;
  private volatile LogEnd copied = new LogEnd(0, 0);
  private long nextSyncMillis = Long.MAX_VALUE;
  private long leaderStart; // what is before it is deleted there
  private long nextRetentionMillis;

  FollowedCore(CorePlan plan) {
    this.plan = plan;
  }

  @Override
  public @Nullable String open(long secret) {
    BrokerCore open = core;
    if (open != null && isOtherAndEmpty(open.store.log().copy(), secret)) {
      giveUp(open);
      open = null;
    }
    if (open == null) {
      String why = whyNot();
      if (why != null) {
        return why;
      }
      open = reopen(secret);
    }
    return open.store.log().copy().secret() == secret
        ? null
        : "the log in " + plan.settings().storeDirectory() + " is not a copy of the leader's: each"
            + " was begun by itself. Choose an empty directory with store.dir";
  }

  // The copy was begun, and cut short before it had any of the leader's.
  private static boolean isOtherAndEmpty(LogCopy copy, long secret) {
    return copy.lastEpoch() == 0 && copy.secret() != secret;
  }

  private void giveUp(BrokerCore empty) {
    LOG.info("the log here has nothing yet, it is begun anew as a copy of the leader's");
    empty.stopWithoutState();
    empty.close();
    core = null;
    Path log = plan.settings().storeDirectory().resolve("log");
    plan.files().list(log).forEach(name -> plan.files().delete(log.resolve(name)));
    plan.files().syncDirectory(log);
  }

  /**
   * Opens what the directory has, if it has a log.
   *
   * @return as {@link RecoveryReport#witnessed}; 0 without a log
   */
  long openOwn() {
    return plan.files().exists(plan.settings().storeDirectory().resolve("log"))
        ? reopen(plan.surroundings().chance().secret()).store.log().recovery().witnessed()
        : 0;
  }

  /**
   * Applies the rest, and hands the core over: it is to be led. An empty directory gets a log of its own.
   *
   * @return the core; its owner is the caller
   */
  BrokerCore promote() {
    BrokerCore open = core == null ? reopen(plan.surroundings().chance().secret()) : core;
    opened(replay).goOn(applied, open.store.log().written());
    core = null;
    return open;
  }

  /** Where the copy ends. Any thread. */
  LogEnd logEnd() {
    return copied;
  }

  private @Nullable String whyNot() {
    Path directory = plan.settings().storeDirectory();
    Path states = directory.resolve("state");
    boolean hasState = plan.files().exists(states) && !plan.files().list(states).isEmpty();
    return hasState && !plan.files().exists(directory.resolve("log"))
        ? directory + " has state files of a broker, but no log. Bring its log back, or choose an"
            + " empty directory with store.dir"
        : null;
  }

  private BrokerCore reopen(long secret) {
    BrokerCore opened = new CoreRecovery(plan).openCopy(secret);
    opened.follow(() -> applied);
    core = opened;
    replay = new Replay(opened, plan, null);
    applied = opened.store.log().written();
    copied = endOf(opened.store.log());
    return opened;
  }

  private static LogEnd endOf(CommitLog log) {
    return new LogEnd(log.copy().lastEpoch(), log.written());
  }

  @Override
  public long copied() {
    return copied.position();
  }

  @Override
  public long safe() {
    return log().safe();
  }

  @Override
  public long end() {
    return log().written();
  }

  @Override
  public int lastEpoch() {
    return log().copy().lastEpoch();
  }

  @Override
  public boolean hasFailed() {
    return log().failure() != null;
  }

  @Override
  public int take(long at, byte[] chunk) {
    CommitLog log = log();
    int wanted = log.copy().take(at, ByteBuffer.wrap(chunk));
    if (plan.settings().flush() == FlushMode.SYNC) {
      log.sync();
    } else if (nextSyncMillis == Long.MAX_VALUE) {
      nextSyncMillis = 0; // with the next look at the time
    }
    copied = endOf(log);
    return wanted;
  }

  @Override
  public void leaderHas(long start, long committed) {
    long end = Math.min(committed, log().written());
    if (end > applied) {
      opened(replay).goOn(applied, end);
      applied = end;
    }
    log().commit(end);
    leaderStart = start;
  }

  @Override
  public void cut(int epoch, long end) {
    BrokerCore old = opened(core);
    CommitLog log = log();
    LogCopy copy = log.copy();
    long to = Math.min(end, Math.min(copy.epochEnd(epoch), log.written()));
    copy.checkCut(to);
    if (to == log.written()) {
      return;
    }
    if (applied <= to) { // neither queues nor state files know what is cut
      copy.truncate(to);
      copied = endOf(log);
      return;
    }
    old.stopWithoutState();
    forgetStateBehind(plan.states(), to);
    copy.truncate(to);
    old.close();
    core = null;
    reopen(copy.secret());
  }

  // Before the log is cut: a state that is ahead of its log is refused by every start.
  private static void forgetStateBehind(StateFiles states, long position) {
    StateFile newest = states.newest();
    while (newest != null && newest.position() > position) {
      states.reject(newest);
      newest = states.newest();
    }
    if (newest != null) {
      newest.close();
    }
    states.rejectUnreadable();
  }

  @Override
  public void onTick(long now) {
    if (nextSyncMillis == 0) {
      nextSyncMillis = now + SYNC_EVERY_MILLIS;
    } else if (now >= nextSyncMillis) {
      nextSyncMillis = Long.MAX_VALUE;
      log().sync();
    }
    BrokerCore open = core;
    if (open != null) {
      open.upkeep().states().onCopyTick(now);
      if (now >= nextRetentionMillis) {
        nextRetentionMillis = now + RETENTION_EVERY_MILLIS;
        letGo(open);
      }
    }
  }

  // What cannot be deleted now is tried again: the copy goes on meanwhile.
  private void letGo(BrokerCore open) {
    try {
      open.upkeep().retention().leaderBeginsAt(leaderStart);
    } catch (StorageException e) {
      if (open.store.log().failure() != null) {
        throw e;
      }
      LOG.warn("what the leader has deleted stays here for now: {}", e.getMessage());
    }
  }

  @Override
  public long nextMillis() {
    BrokerCore open = core;
    long states = open == null ? Long.MAX_VALUE : open.upkeep().states().nextMillis();
    return Math.min(nextSyncMillis, states);
  }

  private CommitLog log() {
    return opened(core).store.log();
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the log is not open yet");
    }
    return part;
  }

  @Override
  public void close() {
    BrokerCore open = core;
    if (open != null) {
      open.close();
    }
  }
}
