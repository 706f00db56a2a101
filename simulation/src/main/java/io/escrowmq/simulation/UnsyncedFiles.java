package io.escrowmq.simulation;

import io.escrowmq.store.SimulatedFileSystem.Operation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Since when the files of a directory have bytes that no sync has covered. It is told of each operation. */
final class UnsyncedFiles {

  /** A sync that has begun, and whether it succeeds is not known yet. */
  private record Sync(Path file, long syncsBefore) {}

  private final Path directory;
  private final Map<Path, Long> since = new HashMap<>();
  private final Map<Path, Long> sinceSyncBegan = new HashMap<>();
  // After a failed sync a later one does not save them.
  private final Set<Path> lost = new HashSet<>();
  private @Nullable Sync current;

  UnsyncedFiles(Path directory) {
    this.directory = directory;
  }

  /** @param syncs that have succeeded so far, of any file */
  void sees(Operation operation, Path file, long syncs, long nanos) {
    settle(syncs);
    if (!file.startsWith(directory)) {
      return;
    }
    if (operation == Operation.WRITE) {
      since.putIfAbsent(file, nanos);
      sinceSyncBegan.putIfAbsent(file, nanos);
    } else if (operation == Operation.DELETE) {
      since.remove(file);
      lost.remove(file);
    } else if (operation == Operation.SYNC) {
      current = new Sync(file, syncs);
      sinceSyncBegan.remove(file);
    }
  }

  private void settle(long syncs) {
    Sync sync = current;
    if (sync == null) {
      return;
    }
    current = null;
    if (syncs == sync.syncsBefore()) {
      lost.add(sync.file());
    } else if (!lost.contains(sync.file())) {
      Long later = sinceSyncBegan.get(sync.file());
      if (later == null) {
        since.remove(sync.file());
      } else {
        since.put(sync.file(), later);
      }
    }
  }

  /** What was written before this time was synced. */
  long safeNanos(long syncs) {
    settle(syncs);
    return since.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }

  /** Nothing is unsynced any more: it is there or lost. */
  void clear() {
    since.clear();
    sinceSyncBegan.clear();
    lost.clear();
    current = null;
  }
}
