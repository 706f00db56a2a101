package io.escrowmq.broker;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Work on the store of a broker that is stopped, which nobody else works on meanwhile. */
final class StoreLock {

  private StoreLock() {}

  /**
   * Does the work.
   *
   * @throws StorageException when there is no store, or a broker is running
   */
  static <T> T held(FileSystem files, Path directory, Supplier<T> work) {
    if (!files.exists(directory)) {
      throw new StorageException(StorageException.Reason.IO, "there is no store at " + directory);
    }
    AutoCloseable lock = files.lock(directory.resolve("lock"));
    try {
      return work.get();
    } finally {
      unlock(lock, directory);
    }
  }

  private static void unlock(AutoCloseable lock, Path directory) {
    try {
      lock.close();
    } catch (Exception e) {
      throw new IllegalStateException("could not unlock " + directory, e);
    }
  }
}
