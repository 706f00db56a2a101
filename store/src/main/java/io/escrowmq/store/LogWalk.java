package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all that stands in the files of a log that nobody has open, oldest first: whole records,
 * what the log keeps for itself, and places where no whole record is. Changes nothing, and keeps one
 * segment mapped at a time. Used once.
 */
public final class LogWalk {

  /** Sees what stands in the log. Each answers whether the walk goes on. */
  public interface Visitor {

    /** A whole record; it is valid only during the call. */
    boolean record(LogRecord record);

    /** What the log keeps for itself: in words. */
    boolean ofTheLog(long position, int length, String words);

    /** No whole record is there. */
    boolean damaged(Path file, long from, long to);

    /** The disk does not give the file now. */
    boolean unreadable(Path file, StorageException why);
  }

  private final FileSystem files;
  private final Segments segments;
  private final CRC32C crc = new CRC32C();
  private final Visitor visitor;
  private RecordChecksum checksum = new RecordChecksum(0);
  private int epoch;
  private boolean goesOn = true;

  public LogWalk(FileSystem files, Path directory, Visitor visitor) {
    this.files = new ReadOnlyFiles(files);
    this.segments = new Segments(this.files, directory);
    this.visitor = visitor;
  }

  /** What begins from one position on, and before another. */
  public void between(long from, long to) {
    List<Long> starts = segments.startsOnDisk();
    LogIdentity identity = segments.readIdentity();
    SegmentHeader first = starts.isEmpty() ? null : headerOf(starts.get(0));
    long secret = identity != null ? identity.secret() : first == null ? 0 : first.secret();
    checksum = new RecordChecksum(secret);
    for (int i = 0; i < starts.size() && goesOn && starts.get(i) < to; i++) {
      long next = i + 1 < starts.size() ? starts.get(i + 1) : Long.MAX_VALUE;
      if (next > from) {
        walk(starts.get(i), i + 1 < starts.size() ? headerOf(next) : null, from, to);
      }
    }
  }

  // Null also when the disk does not give it: walking through the file tells that.
  private @Nullable SegmentHeader headerOf(long start) {
    try {
      return new FoundFile(files, segments.pathOf(start), start).header(crc);
    } catch (StorageException e) {
      if (e.reason() != Reason.IO) {
        throw e;
      }
      return null;
    }
  }

  private void walk(long start, @Nullable SegmentHeader next, long from, long to) {
    Path path = segments.pathOf(start);
    try (StoreFile file = files.open(path)) {
      int size = (int) Math.min(Integer.MAX_VALUE, file.size());
      int end = (int) endOf(file, start, next, size);
      if (end > SegmentHeader.BYTES) {
        ByteBuffer view = file.map(size);
        try {
          walk(new At(path, start, view, size), end, from, to);
        } finally {
          file.unmap(view);
        }
      }
    } catch (StorageException e) {
      if (e.reason() != Reason.IO) {
        throw e;
      }
      goesOn = visitor.unreadable(path, e);
    }
  }

  private static long endOf(StoreFile file, long start, @Nullable SegmentHeader next, int size) {
    if (next == null || next.previousEnd() <= start) {
      return FoundFile.lastByte(file, 0, size);
    }
    FoundFile.readThrough(file, size);
    return Math.min(size, next.previousEnd() - start);
  }

  private void walk(At in, int end, long from, long to) {
    LogRecord record = new LogRecord(in.view);
    int at = SegmentHeader.BYTES;
    while (goesOn && at < end && in.start + at < to) {
      boolean isWanted = in.start + at >= from;
      int after = afterRecord(in, at);
      if (after < 0) {
        after = nextRecord(in, at, end);
        boolean isBefore = in.start + after <= from;
        goesOn = isBefore || visitor.damaged(in.path, in.start + at, in.start + after);
      } else if (isWanted) {
        goesOn = RecordLayout.isOfTheLog(in.view, at)
            ? tellOfTheLog(in, at)
            : visitor.record(record.moveTo(in.view, at));
      }
      at = after;
    }
  }

  private boolean tellOfTheLog(At in, int at) {
    int length = in.view.getInt(at + RecordLayout.LENGTH);
    String words = Mark.isMark(in.view, at)
        ? "all before " + Mark.durable(in.view, at) + " was synced when it was written"
        : "a repair has put it where records were lost";
    return visitor.ofTheLog(in.start + at, length, words);
  }

  private int afterRecord(At in, int at) {
    if (!RecordLayout.isWhole(in.view, at, in.size, in.start + at, checksum)
        || in.view.getInt(at + RecordLayout.EPOCH) < epoch) { // the latter: of an earlier life
      return -1;
    }
    epoch = in.view.getInt(at + RecordLayout.EPOCH);
    return at + RecordLayout.aligned(in.view.getInt(at + RecordLayout.LENGTH));
  }

  private int nextRecord(At in, int from, int end) {
    for (int at = from + 8; at + RecordLayout.HEADER_BYTES <= end; at += 8) {
      if (in.view.getLong(at + RecordLayout.POSITION) == in.start + at
          && RecordLayout.isWhole(in.view, at, in.size, in.start + at, checksum)
          && in.view.getInt(at + RecordLayout.EPOCH) >= epoch) {
        return at;
      }
    }
    return end;
  }

  /** A segment that is looked through. */
  private record At(Path path, long start, ByteBuffer view, int size) {}
}
