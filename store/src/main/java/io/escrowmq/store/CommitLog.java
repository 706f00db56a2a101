package io.escrowmq.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log: the only truth. Records are appended to a batch, written in one go, and synced for many
 * writers at once.
 *
 * <p>The tail belongs to the log loop; {@link #sync} to the flush loop; reading and positions to
 * everybody.
 */
@SuppressWarnings("DoNotCallSuggester") // the signatures come first, the body follows
public final class CommitLog implements AutoCloseable {

  private CommitLog() {}

  /**
   * Opens the log and finds its end: verifies records from a trusted position on, and cuts what a
   * crash left behind the last whole one.
   *
   * @param trustedFrom the position of the state file that was restored, 0 without one: where a
   *     record begins or the log ended, and everything before it was durable when it was written
   * @throws StorageException with reason {@code CORRUPT} when something is damaged that had been
   *     synced: nothing is changed then
   */
  public static CommitLog open(
      FileSystem files,
      Path directory,
      LogSettings settings,
      long trustedFrom,
      InstantSource clock) {
    throw new UnsupportedOperationException();
  }

  /** What opening found. */
  public RecoveryReport recovery() {
    throw new UnsupportedOperationException();
  }

  /** Visits every record from a position to the end, in order; before the first append. */
  public void replay(long from, RecordVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  /** The epoch of this writer: one more than any record of an earlier one has. */
  public int epoch() {
    throw new UnsupportedOperationException();
  }

  // Appending: the log loop only

  /**
   * Whether a record with this payload may be appended and leave the reserve untouched. False: the
   * disk is full. Turns true by itself when there is room again.
   */
  public boolean hasRoom(int payloadLength) {
    throw new UnsupportedOperationException();
  }

  /** The same for what must go on when the disk is full; may use the reserve. */
  public boolean hasReserveRoom(int payloadLength) {
    throw new UnsupportedOperationException();
  }

  /** How many bytes must be freed on the disk before {@link #hasRoom} is true again. */
  public long missingBytes() {
    throw new UnsupportedOperationException();
  }

  /** The longest payload that fits into a segment. */
  public int payloadAtMost() {
    throw new UnsupportedOperationException();
  }

  /** Where the next record will lie if its payload has this length; rolls when it must. */
  public long positionFor(int payloadLength) {
    throw new UnsupportedOperationException();
  }

  /**
   * Puts a record into the batch, at {@link #positionFor} its length. Asking {@link #hasRoom} or
   * {@link #hasReserveRoom} comes first.
   *
   * @param flags 16 bits that belong to the kind
   * @return the record as it will be written, to be applied; valid until the next append
   */
  public LogRecord append(RecordKind kind, int flags, byte[] payload, int length) {
    throw new UnsupportedOperationException();
  }

  /** Bytes in the batch that are not written yet. */
  public int staged() {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes the batch in one go; {@link #written} covers it afterwards.
   *
   * @throws StorageException when that failed; the log is then closed for good
   */
  public void write() {
    throw new UnsupportedOperationException();
  }

  /** Where the next record would be appended; the log loop only. */
  public long end() {
    throw new UnsupportedOperationException();
  }

  // Positions: any thread. start <= durable <= written <= end, always

  /** The first position that was not deleted. */
  public long start() {
    throw new UnsupportedOperationException();
  }

  /** Everything before it is in the page cache, and can be read. */
  public long written() {
    throw new UnsupportedOperationException();
  }

  /** Everything before it was synced. */
  public long durable() {
    throw new UnsupportedOperationException();
  }

  /** Everything before it is as safe as the flush mode promises: written, or durable. */
  public long safe() {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes durable what is written. The flush loop, or whoever takes its place; not two at once.
   *
   * @throws StorageException when that failed; the log is then closed for good
   */
  public void sync() {
    throw new UnsupportedOperationException();
  }

  /** Why the log was closed for good; null while it works. */
  public @Nullable StorageException failure() {
    throw new UnsupportedOperationException();
  }

  // Reading: any thread

  /**
   * The record at this position, checked; null when retention deleted it. To be closed.
   *
   * @throws StorageException with reason {@code CORRUPT} when it is damaged
   */
  public @Nullable LogSlice read(long position) {
    throw new UnsupportedOperationException();
  }

  /** The same, when the length is known from elsewhere; another length counts as damage. */
  public @Nullable LogSlice read(long position, int recordLength) {
    throw new UnsupportedOperationException();
  }

  /** A cursor for reading many records. To be closed. */
  public LogReader newReader() {
    throw new UnsupportedOperationException();
  }

  /** The segments, oldest first; the last one is being written. */
  public List<SegmentStats> segments() {
    throw new UnsupportedOperationException();
  }

  /**
   * Deletes the segments that lie wholly before a position, as far as that is durable. The log loop
   * only. Readers that hold such a segment may finish.
   */
  public void deleteBefore(long position) {
    throw new UnsupportedOperationException();
  }

  /** Writes and syncs everything, unless the log failed; the loops have stopped before. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
