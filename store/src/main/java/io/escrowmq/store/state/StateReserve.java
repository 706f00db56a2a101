package io.escrowmq.store.state;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Blocks on disk for the next two state files. Retention deletes nothing before two new ones are there;
 * on a full disk they would wait for the room that only retention can make. A state file that finds no
 * room is written over a file of the reserve, in blocks that are there: freed blocks would go to
 * whoever is first, and the log takes them at once. Owner: that of the state files.
 */
final class StateReserve {

  private static final int FILES = 2;
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final long LEAST_BYTES = 256 * 1024;

  private final FileSystem files;
  private final Path directory;
  private boolean begun;
  private long fileBytes = LEAST_BYTES;

  StateReserve(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** A state file had this size: the next ones may have a quarter more. */
  void sizeFor(long stateFileBytes) {
    fileBytes = Math.max(LEAST_BYTES, stateFileBytes + stateFileBytes / 4);
  }

  /** From now on there is one, if the disk has room for it. */
  void begin() {
    begun = true;
    fill();
  }

  /** Takes the blocks that are missing, if the disk has them. */
  void fill() {
    if (!begun) {
      return;
    }
    try {
      files.createDurably(directory);
      for (int i = 0; i < FILES; i++) {
        fill(path(i));
      }
    } catch (StorageException e) {
      // a disk without room for the reserve has none for anything else: it is filled another time
    }
  }

  private void fill(Path path) {
    boolean isKept = false;
    try (StoreFile file = files.open(path)) {
      long before = file.size();
      isKept = before > 0;
      try {
        extend(file, before);
        isKept = true;
      } catch (StorageException e) {
        file.truncate(before); // a smaller reserve is better than none
        throw e;
      }
    } finally {
      if (!isKept) {
        files.delete(path);
      }
    }
  }

  private void extend(StoreFile file, long from) {
    for (long at = from; at < fileBytes; at += CHUNK_BYTES) {
      file.write(ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, fileBytes - at)), at);
    }
  }

  /** Gives up one file of the reserve under another name; false when there is none. */
  boolean isGivenAs(Path target) {
    for (int i = 0; i < FILES; i++) {
      if (files.exists(path(i))) {
        files.rename(path(i), target);
        return true;
      }
    }
    return false;
  }

  private Path path(int number) {
    return directory.resolve("reserve-" + number);
  }
}
