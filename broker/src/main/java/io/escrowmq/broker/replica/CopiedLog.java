package io.escrowmq.broker.replica;

import io.escrowmq.store.BadCopyException;
import io.escrowmq.store.LogCopy;
import io.escrowmq.store.StorageException;
import org.jspecify.annotations.Nullable;

/** The log of a follower, and what it makes of it. Owner: the follower's loop; {@link #copied} is for all. */
public interface CopiedLog extends AutoCloseable {

  /**
   * Opens the log, unless it is open.
   *
   * @param secret what the leader's checksums are made with
   * @return why it cannot become a copy; null when it can
   */
  @Nullable
  String open(long secret);

  /** What has been copied, from any thread; 0 before it is open. */
  long copied();

  /** Where it ends; it is open. */
  long end();

  /** Up to where it is as safe here as the flush mode promises. */
  long safe();

  /** As {@link LogCopy#lastEpoch}. */
  int lastEpoch();

  /** Whether it was closed for good. */
  boolean hasFailed();

  /**
   * Takes what follows.
   *
   * @return as {@link LogCopy#take}
   * @throws BadCopyException as there
   * @throws StorageException as there
   */
  int take(long at, byte[] chunk);

  /**
   * What the leader says of its log.
   *
   * @param start it has deleted what was before: that may be deleted here, too
   * @param committed what is before it is never taken back: it may be applied
   * @throws StorageException when a record cannot be applied
   */
  void leaderHas(long start, long committed);

  /**
   * Cuts what cannot be equal to the leader's.
   *
   * @param epoch the leader's largest that is not above the last one here
   * @param end where its records end there
   * @throws BadCopyException when no record begins there; nothing was touched then
   */
  void cut(int epoch, long end);

  /** Does what is due by time. */
  void onTick(long now);

  /** When that is, by the ticker; {@code Long.MAX_VALUE}: never. */
  long nextMillis();

  /** Makes durable what was copied. */
  @Override
  void close();
}
