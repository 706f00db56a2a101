package io.escrowmq.broker.replica;

import io.escrowmq.store.BadCopyException;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.LogCopy;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The follower's log: opened when the leader's secret is known, written as it comes, synced at once or twice a
 * second. Owner: the follower's loop.
 */
final class CopiedLog implements AutoCloseable {

  private static final long SYNC_EVERY_MILLIS = 500;

  private final FollowerSettings settings;
  private final FileSystem files;
  private final InstantSource clock;
  private final StateFiles states; // of a broker that wrote to this log before
  private volatile @Nullable CommitLog log;
  private long nextSyncMillis = Long.MAX_VALUE;

  CopiedLog(FollowerSettings settings, FileSystem files, InstantSource clock) {
    this.settings = settings;
    this.files = files;
    this.clock = clock;
    this.states = new StateFiles(files, settings.directory().resolve("state"));
  }

  /**
   * Opens the log, unless it is open.
   *
   * @param secret what the leader's checksums are made with
   * @return why it cannot become a copy; null when it can
   */
  @Nullable
  String open(long secret) {
    CommitLog open = log;
    if (open == null) {
      Path directory = settings.directory().resolve("log");
      if (!files.exists(directory) && hasState()) {
        return settings.directory() + " has state files of a broker, but no log. Bring its log back, or"
            + " choose an empty directory with store.dir";
      }
      open = CommitLog.openCopy(files, directory, settings.log(), 0, clock, () -> secret);
      log = open;
    }
    return open.copy().secret() == secret
        ? null
        : "the log in " + settings.directory() + " is not a copy of the leader's: each was begun by"
            + " itself. Choose an empty directory with store.dir";
  }

  private boolean hasState() {
    Path directory = settings.directory().resolve("state");
    return files.exists(directory) && !files.list(directory).isEmpty();
  }

  /** What has been copied, from any thread; 0 before it is open. */
  long copied() {
    CommitLog open = log;
    return open == null ? 0 : open.written();
  }

  long end() {
    return opened().written();
  }

  /** Whether it was closed for good. */
  boolean hasFailed() {
    return opened().failure() != null;
  }

  int lastEpoch() {
    return opened().copy().lastEpoch();
  }

  /** Takes what follows; as {@link LogCopy#take}. */
  int take(long at, byte[] chunk) {
    CommitLog open = opened();
    int wanted = open.copy().take(at, ByteBuffer.wrap(chunk));
    if (settings.log().flush() == FlushMode.SYNC) {
      open.sync();
    } else if (nextSyncMillis == Long.MAX_VALUE) {
      nextSyncMillis = 0; // with the next look at the time
    }
    return wanted;
  }

  /**
   * Cuts what cannot be equal to the leader's.
   *
   * @param epoch the leader's largest that is not above the last one here
   * @param end where its records end there
   * @throws BadCopyException when no record begins there; nothing was touched then
   */
  void cut(int epoch, long end) {
    CommitLog open = opened();
    LogCopy copy = open.copy();
    long to = Math.min(end, Math.min(copy.epochEnd(epoch), open.written()));
    copy.checkCut(to);
    forgetStateBehind(to);
    copy.truncate(to);
  }

  // Before the log is cut: a state that is ahead of its log is refused by every start.
  private void forgetStateBehind(long position) {
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

  /** Under asynchronous flush: syncs what was taken since half a second. */
  void syncIfDue(long now) {
    if (nextSyncMillis == 0) {
      nextSyncMillis = now + SYNC_EVERY_MILLIS;
    } else if (now >= nextSyncMillis) {
      nextSyncMillis = Long.MAX_VALUE;
      opened().sync();
    }
  }

  long nextSyncMillis() {
    return nextSyncMillis;
  }

  private CommitLog opened() {
    CommitLog open = log;
    if (open == null) {
      throw new IllegalStateException("the log is not open yet");
    }
    return open;
  }

  @Override
  public void close() {
    CommitLog open = log;
    if (open != null) {
      open.close();
    }
  }
}
