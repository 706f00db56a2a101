package io.escrowmq.store;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Closes the log for good after its first failure: what is on disk is then unknown, and only a
 * restart can ask it. Any thread.
 */
final class Fuse {

  private final AtomicReference<@Nullable StorageException> first = new AtomicReference<>();

  /** Throws when something failed before, saying what. */
  void check() {
    StorageException failure = first.get();
    if (failure != null) {
      throw closed(failure);
    }
  }

  /** Remembers the failure if it is the first one; returns what is to be thrown. */
  StorageException blow(StorageException failure) {
    if (first.compareAndSet(null, failure)) {
      return failure;
    }
    StorageException earlier = first.get();
    return earlier == null ? failure : closed(earlier);
  }

  @Nullable
  StorageException failure() {
    return first.get();
  }

  private static StorageException closed(StorageException failure) {
    return new StorageException(
        failure.reason(),
        "the log takes nothing more since it failed: " + failure.getMessage(),
        failure);
  }
}
