package io.escrowmq.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How one log becomes equal to another one, byte for byte but for what marks and headers say of a machine's own
 * disk. (epoch, position) names a record: equal in two logs means equal contents, and everything before it is
 * equal, too. Who follows {@linkplain #take takes} and {@linkplain #truncate truncates}, on one thread; anybody
 * asks.
 */
public final class LogCopy {

  private final CommitLog log;
  private final Segments segments;
  private final Copier copier;
  private final Epochs epochs;

  LogCopy(CommitLog log, Segments segments, Copier copier) {
    this.log = log;
    this.segments = segments;
    this.copier = copier;
    this.epochs = new Epochs(segments);
  }

  // Of the log that is copied

  /** Some bytes of what is written; null when there are none behind the position. */
  public @Nullable LogChunk chunk(long from, int most) {
    return segments.chunk(from, log.written(), most);
  }

  /**
   * The epoch of the last record or segment header before a position, at which a record begins or the log
   * ends; 0: none.
   */
  public int epochBefore(long position) {
    return epochs.before(position, log.written());
  }

  /** Where the records and segment headers of an epoch, and of all before it, end. */
  public long epochEnd(int epoch) {
    return epochs.endOf(epoch, log.written());
  }

  /** What the checksums of its records are made with; a copy needs the same. Nobody else may hear it. */
  public long secret() {
    return log.secret();
  }

  // Of the copy

  /** The epoch of the last record or segment header; 0: none. */
  public int lastEpoch() {
    return copier.end().lastEpoch();
  }

  /**
   * Takes over whole records.
   *
   * @param at where the chunk begins: at the end, or where the next segment starts
   * @param chunk bytes of one segment; marks in it are changed
   * @return how many bytes the next record takes, of which there were fewer; 0 if nobody can tell
   * @throws BadCopyException when something in it is not what follows in the log
   * @throws StorageException with reason {@code FULL} when the disk is full: nothing was taken, and the
   *     same may be tried again; else the log is closed for good
   */
  public int take(long at, ByteBuffer chunk) {
    checkFollows();
    Copier.Copied copied = copier.copy(at, chunk, log.durable());
    log.endsAt(copied.end());
    return copied.wanted();
  }

  /**
   * Checks that {@link #truncate} would leave whole records only.
   *
   * @throws BadCopyException when no record begins there and the log does not end there
   */
  public void checkCut(long to) {
    if (to < log.start() || to > log.written() || !epochs.isBetweenRecords(to, log.written())) {
      throw new BadCopyException("a log that is written from " + log.start() + " to "
          + log.written() + " cannot be cut at " + to + ", where no record begins");
    }
  }

  /**
   * Cuts what lies behind a position, at which a record begins or the log ends. Durably, before this returns;
   * what is cut is kept in a directory beside the log. Nobody syncs or reads what is cut meanwhile.
   *
   * @throws BadCopyException as {@link #checkCut}; nothing is cut
   */
  public void truncate(long to) {
    checkFollows();
    checkCut(to);
    if (to < log.written()) {
      copier.cut(to, epochBefore(to));
      log.endsAt(to);
    }
  }

  private void checkFollows() {
    if (log.isLed()) {
      throw new IllegalStateException(
          "a log that is written to in epoch " + log.epoch() + " is no copy");
    }
  }
}
