package io.escrowmq.broker.replica;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.LogCopy;
import io.escrowmq.store.LogSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The log alone of a follower: synced as it comes, and nothing is made of it. */
final class PlainCopy implements CopiedLog {

  private final FileSystem files;
  private final Path directory;
  private final LogSettings settings;
  private final InstantSource clock;
  private @Nullable CommitLog log;

  PlainCopy(FileSystem files, Path directory, LogSettings settings, InstantSource clock) {
    this.files = files;
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public @Nullable String open(long secret) {
    CommitLog open = log;
    if (open == null) {
      open = CommitLog.openCopy(files, directory, settings, 0, clock, () -> secret);
      log = open;
    }
    return open.copy().secret() == secret ? null : "it is not a copy of the leader's";
  }

  @Override
  public long copied() {
    return log == null ? 0 : log.written();
  }

  @Override
  public long end() {
    return opened().written();
  }

  @Override
  public long safe() {
    return opened().safe();
  }

  @Override
  public int lastEpoch() {
    return opened().copy().lastEpoch();
  }

  @Override
  public boolean hasFailed() {
    return opened().failure() != null;
  }

  @Override
  public int take(long at, byte[] chunk) {
    int wanted = opened().copy().take(at, ByteBuffer.wrap(chunk));
    opened().sync();
    return wanted;
  }

  @Override
  public void leaderHas(long start, long committed) {
    opened().deleteBefore(start);
  }

  @Override
  public void cut(int epoch, long end) {
    LogCopy copy = opened().copy();
    copy.truncate(Math.min(end, Math.min(copy.epochEnd(epoch), opened().written())));
  }

  @Override
  public void onTick(long now) {
    // nothing is due by time
  }

  @Override
  public long nextMillis() {
    return Long.MAX_VALUE;
  }

  private CommitLog opened() {
    if (log == null) {
      throw new IllegalStateException("the log is not open yet");
    }
    return log;
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
