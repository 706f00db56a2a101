package io.escrowmq.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log: the only truth. Records are appended to a batch, written in one go, and synced for many
 * writers at once.
 *
 * <p>The tail belongs to the log loop; {@link #sync} to the flush loop; reading and positions to
 * any thread.
 */
public final class CommitLog implements AutoCloseable {

  /** The payload of {@link #mark}. */
  public static final int MARK_BYTES = Mark.PAYLOAD_BYTES;

  private final Segments segments;
  private final Windows windows;
  private final LogSettings settings;
  private final InstantSource clock;
  private final Copier copier;
  private final LogCopy copy;
  private @Nullable Tail tail; // of who leads; the log loop's
  private @Nullable LogRoom room; // before that tail
  private final Fuse fuse;
  private final RecoveryReport recovery;
  private final long secret;
  private final boolean sealed; // by the last record that was found

  // start <= durable <= written <= end, always.
  private volatile long written; // set by the log loop
  private volatile long committed = Long.MAX_VALUE; // set by who counts replicas
  private final DurableEnd durableEnd; // the flush loop's

  private volatile boolean closed;

  private CommitLog(
      FileSystem files,
      LogSettings settings,
      Segments segments,
      InstantSource clock,
      Recovery.FoundLog found) {
    this.settings = settings;
    this.clock = clock;
    this.segments = segments;
    this.fuse = new Fuse();
    this.windows = new Windows(segments, settings, clock, fuse);
    this.copier = new Copier(files, segments, clock, fuse, found.secret(), found.end());
    this.copy = new LogCopy(this, segments, copier);
    this.recovery = found.report();
    this.secret = found.secret();
    this.sealed = found.end().isSealed();
    this.written = found.end().position();
    this.durableEnd = new DurableEnd(segments, fuse, found.durable());
  }

  /**
   * Opens the log and finds its end: verifies records from a trusted position on, and cuts what a
   * crash left behind the last whole one.
   *
   * @param trustedFrom the position of the state file that was restored, 0 without one: where a
   *     record begins or the log ended, and everything before it was durable when it was written
   * @param secrets makes the secret of a new log: no client may guess it
   * @throws StorageException with reason {@code CORRUPT} when something is damaged that had been
   *     synced: nothing is cut then
   */
  public static CommitLog open(
      FileSystem files,
      Path directory,
      LogSettings settings,
      long trustedFrom,
      InstantSource clock,
      LongSupplier secrets) {
    CommitLog log = openCopy(files, directory, settings, trustedFrom, clock, secrets);
    log.lead(log.copier.end().lastEpoch() + 1);
    return log;
  }

  /** The same, and leaves the end to whoever copies another log, until {@link #lead}. */
  public static CommitLog openCopy(
      FileSystem files,
      Path directory,
      LogSettings settings,
      long trustedFrom,
      InstantSource clock,
      LongSupplier secrets) {
    files.createDurably(directory);
    Segments segments = new Segments(files, directory);
    Recovery recovery =
        new Recovery(files, segments, settings, trustedFrom, clock.millis(), secrets);
    CommitLog log = new CommitLog(files, settings, segments, clock, recovery.run());
    try {
      log.durableEnd.writeAgain(log.written);
    } catch (StorageException e) {
      segments.giveUp();
      throw e;
    }
    return log;
  }

  /** What opening found. */
  public RecoveryReport recovery() {
    return recovery;
  }

  /**
   * Visits every record from a position to the end, in order; before the first append, or of a copy, on the
   * thread that copies.
   */
  public void replay(long from, RecordVisitor visitor) {
    replay(from, written, visitor);
  }

  /** The same up to a position, at which a record begins or the log ends. */
  public void replay(long from, long to, RecordVisitor visitor) {
    new LogScan(segments, newChecksum()).all(from, to, recovery.verifiedFrom(), visitor);
  }

  /** Visits each whole record in order; refused with {@code IO} when a part cannot be read now. */
  public void scan(RecordVisitor visitor) {
    scan(0, Long.MAX_VALUE, visitor, LogScan.REFUSED);
  }

  /** From any thread; {@code unreadable} is told what cannot be read now, and where it goes on. */
  public void scan(
      long from, long to, RecordVisitor visitor, ObjLongConsumer<StorageException> unreadable) {
    new LogScan(segments, newChecksum()).whole(from, to, written, visitor, unreadable);
  }

  /** The epoch of this writer: one more than any record of an earlier one has. */
  public int epoch() {
    return tail().epoch();
  }

  /** What stands at other places of the same log, and how this one becomes equal to another. */
  public LogCopy copy() {
    return copy;
  }

  /** From now on records are appended, and nothing is copied. The epoch is above that of all records. */
  public void lead(int epoch) {
    LogEnd end = copier.end();
    if (tail != null || epoch <= end.lastEpoch()) {
      throw new IllegalStateException(
          "epoch " + epoch + " cannot follow on " + (tail == null ? end.lastEpoch() : epoch()));
    }
    end.last().allocatedEnd(end.position());
    Tail led = new Tail(segments, windows, settings, clock, fuse, secret, end, epoch);
    tail = led;
    room = new LogRoom(led, windows, settings, () -> led.end() - committed);
  }

  long secret() {
    return secret;
  }

  boolean isLed() {
    return tail != null;
  }

  /** The log ends elsewhere than this said before. */
  void endsAt(long position) {
    durableEnd.cut(position);
    written = position;
  }

  private Tail tail() {
    return led(tail);
  }

  private static <T> T led(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("this log is a copy, nothing is appended to it");
    }
    return part;
  }

  // Appending: the log loop only

  /** Whether there is room for what shall be appended; {@link #append} comes second. */
  public LogRoom room() {
    return led(room);
  }

  /** The longest payload that fits into a segment. */
  public int payloadAtMost() {
    return Tail.payloadAtMost(settings);
  }

  /**
   * Puts a record into the batch. Asking for {@link #room} comes first.
   *
   * @param flags 16 bits that belong to the kind
   * @param length of the payload
   * @param writer writes the payload, and is told where the record lies
   * @return the record as it will be written, to be applied; valid until the next append
   */
  public LogRecord append(RecordKind kind, int flags, int length, PayloadWriter writer) {
    fuse.check();
    return tail().append(kind.number(), flags, length, writer, durable());
  }

  /**
   * Records how far the log is durable, and nothing that views see: so that its end moves when there is
   * nothing to record. Asking for {@link #room} for {@link #MARK_BYTES} comes first.
   */
  public void mark() {
    fuse.check();
    tail().mark(durable());
  }

  /**
   * Whether no {@link #mark} says that all before a position is durable: damage to it would look like a
   * torn tail(). The log loop only.
   */
  public boolean lacksWitness(long position) {
    return tail().lacksWitness(position);
  }

  /** Bytes in the batch that are not written yet. */
  public int staged() {
    return tail().staged();
  }

  /**
   * Writes the batch in one go; {@link #written} covers it afterwards.
   *
   * @throws StorageException when that failed; the log is then closed for good
   */
  public void write() {
    written = tail().write();
  }

  /** Where the next record would be appended, or taken over; the log loop, or whoever copies. */
  public long end() {
    return tail == null ? written : tail.end();
  }

  // Positions: any thread. start <= durable <= written <= end, always

  /** The first position that was not deleted. */
  public long start() {
    return segments.image()[0].start();
  }

  /** Everything before it is in the page cache, and can be read. */
  public long written() {
    return written;
  }

  /** Everything before it was synced. */
  public long durable() {
    return durableEnd.position();
  }

  /** Everything before it is as safe on this machine as the flush mode promises: written, or durable. */
  public long safe() {
    return settings.flush() == FlushMode.SYNC ? durable() : written;
  }

  /**
   * Everything before it may be seen: it is {@link #safe}, and enough other machines have it. The one position
   * that all who read off the log's turn obey.
   */
  public long visible() {
    return Math.min(safe(), committed);
  }

  /** From now on nothing new is visible that {@link #commit} does not cover. Before anybody reads. */
  public void awaitReplicas() {
    committed = start();
  }

  /** Enough other machines have everything before a position. It never falls. One thread. */
  public void commit(long position) {
    committed = Math.max(committed, position);
  }

  /**
   * Makes durable what is written. The flush loop, or the loop in its place; not two at once.
   *
   * @throws StorageException when that failed; the log is then closed for good
   */
  public void sync() {
    durableEnd.sync(written);
  }

  /**
   * Closes the log for good although the disk did not fail: what is staged, or what the views made of
   * it, cannot be relied on. It is never written.
   */
  public void fail(String reason, Throwable cause) {
    fuse.blow(new StorageException(StorageException.Reason.IO, reason, cause));
  }

  /** Why the log was closed for good; null while it works. */
  public @Nullable StorageException failure() {
    return fuse.failure();
  }

  // Reading: any thread

  /**
   * The record at this position, checked; null when retention deleted it. To be closed. As
   * {@link #newReaderOfTurn} reads it.
   *
   * @throws StorageException with reason {@code CORRUPT} when it is damaged
   */
  public @Nullable LogSlice read(long position) {
    return LeasedSlice.of(newReaderOfTurn(), reader -> reader.read(position));
  }

  /** The same, when the length is known from elsewhere; another length counts as damage. */
  public @Nullable LogSlice read(long position, int recordLength) {
    return LeasedSlice.of(newReaderOfTurn(), reader -> reader.read(position, recordLength));
  }

  /** A cursor for reading many records, of those that are {@link #visible}. To be closed. */
  public LogReader newReader() {
    return new LogReader(this, false);
  }

  /**
   * The same for the thread that has the log's turn: also of what is written and not visible yet, because each
   * request is judged by all that was recorded before it.
   */
  public LogReader newReaderOfTurn() {
    return new LogReader(this, true);
  }

  /** The file that the position lies in, which is not below the start. */
  public Path fileOf(long position) {
    Segment segment = segments.find(position);
    if (segment == null) {
      throw new IllegalArgumentException("position " + position + " is before " + start());
    }
    return segment.path();
  }

  /** The segment that a position lies in; null when it was deleted. */
  @Nullable
  Segment find(long position) {
    return segments.find(position);
  }

  RecordChecksum newChecksum() {
    return new RecordChecksum(secret);
  }

  void checkOpen() {
    if (closed) {
      throw new StorageException(StorageException.Reason.IO, "the log was closed");
    }
  }

  /** The segments, oldest first; the last one is being written. */
  public List<SegmentStats> segments() {
    return segments.stats(written);
  }

  /**
   * Deletes the segments that lie wholly before a position, as far as that is durable. The log loop
   * only. Readers that hold such a segment may finish.
   *
   * @throws StorageException when that fails. If the log still works afterwards, nothing was deleted:
   *     it could not be recorded where the log begins, for want of file descriptors, say
   */
  public void deleteBefore(long position) {
    fuse.check();
    long before = Math.min(position, durable());
    segments.announceStart(before);
    try {
      segments.deleteBefore(before);
    } catch (StorageException e) {
      throw fuse.blow(e);
    }
  }

  /** Writes and syncs everything, unless the log failed. The loops have stopped before. */
  @Override
  public void close() {
    try {
      if (fuse.failure() == null && tail != null) {
        writeAndSync();
        if (committed
            == Long.MAX_VALUE) { // else others may never have the mark, and it is cut then
          sealWithMark();
        }
      } else if (fuse.failure() == null) {
        sync();
      }
    } finally {
      closed = true;
      segments.giveUp();
      windows.close();
    }
  }

  private void writeAndSync() {
    write();
    sync();
  }

  // The last mark witnesses all that is in the log; and the next start finds a whole record at the
  // position of the state file that was written just before. A full disk may leave it out. Nor is
  // there another one when nothing came since the last: starts that fail must not fill the disk.
  private void sealWithMark() {
    boolean isSealed = sealed && tail().end() == recovery.end();
    if (!isSealed && durable() > start() && tail().hasRoom(Mark.PAYLOAD_BYTES, 0)) {
      tail().mark(durable());
      writeAndSync();
    }
  }
}
