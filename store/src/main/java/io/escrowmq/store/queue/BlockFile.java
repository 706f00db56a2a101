package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of blocks. After a restart it may be one that the disk does not open: then each use tries
 * it again, and nothing more is appended to it. {@link #end}, {@link #isLeft} and {@link #highest}
 * belong to the writer; any thread reads blocks.
 */
final class BlockFile {

  private static final Logger LOG = LoggerFactory.getLogger(BlockFile.class);

  private static final int PAGE_BYTES = 4096; // of the system's cache

  final int number;
  private final FileSystem files;
  private final Path path;
  private volatile @Nullable StoreFile file; // null: it could not be opened so far

  volatile long end;
  volatile long highest; // the highest log position that a block in it names; not behind end
  boolean isLeft; // the writer only: nothing more goes there
  private long synced; // the syncing thread only
  // set before the file is closed, so that readers can tell why it failed
  private volatile boolean retired;

  private BlockFile(FileSystem files, Path path, int number) {
    this.files = files;
    this.path = path;
    this.number = number;
  }

  /** A file to be filled, created if it is not there. */
  static BlockFile open(FileSystem files, Path path, int number) {
    BlockFile made = new BlockFile(files, path, number);
    made.file = files.open(path);
    return made;
  }

  /**
   * A file of an earlier life, or an empty one in its place.
   *
   * @param end so many of its bytes are named by an image
   * @param highest the highest log position that a block in it names
   */
  static BlockFile resume(FileSystem files, Path path, int number, long end, long highest) {
    BlockFile resumed = new BlockFile(files, path, number);
    boolean exists = files.exists(path);
    resumed.end = end;
    resumed.highest = highest;
    try {
      resumed.file = files.open(path);
      resumed.synced = exists ? end : 0;
    } catch (StorageException e) {
      LOG.warn(
          "{}; the start goes on: who needs what is in it waits until it can be opened, or is made"
              + " again from the log",
          e.getMessage());
      resumed.isLeft = true;
      resumed.synced = Long.MAX_VALUE; // nothing is appended
    }
    return resumed;
  }

  private StoreFile opened() {
    StoreFile now = file;
    if (now != null) {
      return now;
    }
    synchronized (this) {
      if (file == null) {
        file = files.open(path);
        LOG.info("{} could be opened again", path);
      }
      return Objects.requireNonNull(file);
    }
  }

  /** The writer: appends a block. When it throws, nothing has changed. */
  void append(ByteBuffer block, long highestOfBlock) {
    long after = end + block.remaining();
    opened().write(block, end);
    highest = Math.max(highest, highestOfBlock);
    end = after;
  }

  /** Answers how many bytes were read; -1 when retention has deleted the file. */
  int read(ByteBuffer into, long place) {
    int wanted = into.remaining();
    try {
      int got = opened().read(into, place);
      return got < wanted && retired ? -1 : got;
    } catch (StorageException e) {
      if (retired) {
        return -1;
      }
      throw e;
    }
  }

  /** Writes a block again that was damaged. */
  void rewrite(ByteBuffer block, long place) {
    try {
      opened().write(block, place);
    } catch (StorageException e) {
      if (!retired) {
        throw e;
      }
    }
  }

  /**
   * Writes zeros over the pages of a block that the disk does not give. Whole pages: to write a part of
   * one, the system would read it. A file that cannot be opened at all gives way to an empty one.
   *
   * @param isWritten the page that its end is in is being written
   */
  void clearUnreadable(long place, int length, boolean isWritten) {
    if (!isOpened()) {
      giveWay();
      return;
    }
    long until = isWritten ? end / PAGE_BYTES * PAGE_BYTES : Long.MAX_VALUE;
    long at = place / PAGE_BYTES * PAGE_BYTES;
    for (; at < Math.min(until, place + length); at += PAGE_BYTES) {
      if (!isReadable(at)) {
        opened().write(ByteBuffer.allocate(PAGE_BYTES), at);
      }
    }
  }

  private boolean isOpened() {
    try {
      opened();
      return true;
    } catch (StorageException e) {
      return false;
    }
  }

  private boolean isReadable(long at) {
    try {
      opened().read(ByteBuffer.allocate(PAGE_BYTES), at);
      return true;
    } catch (StorageException e) {
      return retired;
    }
  }

  // The new one is there before the old one goes: when no file can be opened, none is given up.
  private void giveWay() {
    if (retired) {
      return;
    }
    Path empty = path.resolveSibling("empty-" + path.getFileName());
    files.delete(empty);
    files.open(empty).close();
    files.rename(empty, path);
    LOG.warn("{} cannot be opened: it is made again from the log", path);
    opened();
  }

  /** Makes durable what was appended before this call. The syncing thread only. */
  void syncAppended() {
    long until = end;
    if (until > synced) {
      sync();
      synced = until;
    }
  }

  /** Makes durable all that was written. */
  void sync() {
    try {
      opened().sync();
    } catch (StorageException e) {
      if (!retired) {
        throw e;
      }
    }
  }

  /** Nobody needs it any more. */
  void retire() {
    retired = true;
    close();
    try {
      // not synced: should the name come back after a crash, nobody names it
      files.delete(path);
    } catch (StorageException e) {
      LOG.warn("{}; a later start deletes it", e.getMessage());
    }
  }

  void close() {
    StoreFile now = file;
    if (now != null) {
      now.close();
    }
  }
}
