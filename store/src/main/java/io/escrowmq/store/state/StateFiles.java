package io.escrowmq.store.state;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state files in a directory: the newest, and the one before it in case the newest turns out
 * unreadable. Owner: one background thread after the start.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // the signatures come first
public final class StateFiles {

  private final FileSystem files;
  private final Path directory;

  public StateFiles(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** The newest state file that is whole, to be closed; null when there is none. */
  public @Nullable StateFile newest() {
    throw new UnsupportedOperationException();
  }

  /**
   * Deletes a state file that could not be used (a view refused it, or it is ahead of the log), so
   * that {@link #newest} gives the one before it. Views are made anew before they are restored again.
   */
  public void reject(StateFile file) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes what the views looked like at a position, and keeps the previous state file. The log must
   * be durable up to the position: a state file may never be ahead of it.
   */
  public void write(long position, Map<String, Image> images) {
    throw new UnsupportedOperationException();
  }

  /**
   * Log segments below this position may be deleted: it is that of the oldest state file kept; 0 while
   * there are fewer than two.
   */
  public long oldestPosition() {
    throw new UnsupportedOperationException();
  }
}
