package io.escrowmq.store;

import org.jspecify.annotations.Nullable;

/** The disk failed us. Says what was tried, on which file, and what to do now. */
public final class StorageException extends RuntimeException {

  /** What kind of failure, for those who must tell them apart. */
  public enum Reason {
    /** No room left on the disk. */
    FULL,
    /** Another process holds the lock. */
    LOCKED,
    /** What was read is not what was written, or is missing from the file: damaged for good. */
    CORRUPT,
    /** A newer version of this program wrote it: nothing is damaged, and nothing may be changed. */
    NEWER,
    /** Anything else the operating system reports; the next attempt may succeed. */
    IO
  }

  private final Reason reason;

  public StorageException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public StorageException(Reason reason, String message) {
    this(reason, message, null);
  }

  public Reason reason() {
    return reason;
  }

  /**
   * Whether a failure comes from what a record says, and not from the disk, the log or a newer version:
   * whoever gets past damage gets past such a record.
   */
  public static boolean isOfTheRecord(RuntimeException failure) {
    return !(failure instanceof StorageException known) || known.reason == Reason.CORRUPT;
  }
}
