package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a log has, and which it must have had; part of the repair. A file that is no segment
 * of the log is moved away.
 */
final class LogPieces {

  private final FileSystem files;
  private final Segments segments;
  private final LogMender mender;
  private final long trusted;
  private final CRC32C crc = new CRC32C();

  private long secret;
  private int capacity; // of segments of which nothing else says it

  /**
   * @param segmentBytes the size of a segment when no header says it
   * @param trusted the log was durable up to there
   */
  LogPieces(FileSystem files, Segments segments, LogMender mender, int segmentBytes, long trusted) {
    this.files = files;
    this.segments = segments;
    this.mender = mender;
    this.capacity = segmentBytes;
    this.trusted = trusted;
  }

  /** The log's; known after {@link #find}. */
  long secret() {
    return secret;
  }

  /** The segments in order, without a gap; none when there is no log. */
  List<Piece> find() {
    LogIdentity identity = segments.readIdentity();
    List<Piece> onDisk = onDisk(identity);
    boolean isKnown = identity != null && trusted > identity.start();
    if (onDisk.isEmpty() && !isKnown) {
      return onDisk;
    }
    long first = onDisk.isEmpty() ? begin(identity) : onDisk.get(0).start();
    checkStart(identity, first);
    List<Piece> whole = new ArrayList<>();
    long at = first;
    for (Piece piece : onDisk) {
      addMissing(whole, at, piece.start());
      whole.add(piece);
      at = piece.end();
    }
    if (trusted > at) {
      addMissing(whole, at, trusted);
    }
    return whole;
  }

  private void checkStart(@Nullable LogIdentity identity, long first) {
    if (identity == null) {
      mender.tell(
          segments.directory().resolve(LogIdentity.NAME),
          "it is missing or damaged",
          "nothing",
          "it is made anew");
      mender.identify(secret, first);
    } else if (first > identity.start()) {
      mender.tell(
          segments.pathOf(identity.start()),
          "the segments from " + identity.start() + " to " + first + " are missing",
          "the messages in them; transactions and delayed messages that wait in them",
          "the log begins at " + first + " from then on");
      mender.identify(secret, first);
    }
  }

  private void addMissing(List<Piece> whole, long from, long to) {
    for (long at = from; at < to; ) {
      boolean isLast = to == trusted && to - at <= capacity;
      int size = isLast ? capacity : (int) Math.min(capacity, to - at);
      whole.add(new Piece(at, null, size, true));
      at += size;
    }
  }

  private List<Piece> onDisk(@Nullable LogIdentity identity) {
    List<Long> starts = segments.startsOnDisk();
    List<@Nullable SegmentHeader> headers = new ArrayList<>();
    for (long start : starts) {
      headers.add(file(start).header(crc));
    }
    secret = secretOf(identity, headers);
    RecordChecksum checksum = new RecordChecksum(secret);
    capacity = headers.stream()
        .filter(header -> header != null)
        .mapToInt(header -> header == null ? 0 : header.capacity())
        .findFirst()
        .orElse(capacity);
    List<Piece> pieces = new ArrayList<>();
    long expected = identity == null && !starts.isEmpty() ? starts.get(0) : begin(identity);
    for (int i = 0; i < starts.size(); i++) {
      long start = starts.get(i);
      SegmentHeader header = headers.get(i);
      boolean isForeign = header == null
          ? start != expected && !file(start).holdsRecord(checksum)
          : header.secret() != secret;
      if (isForeign || (!pieces.isEmpty() && start < expected)) {
        mender.moveAway(start);
        continue;
      }
      boolean isLast = i + 1 == starts.size();
      if (header != null) {
        pieces.add(new Piece(start, header, header.capacity(), false));
      } else if (!isLast || start < trusted || !file(start).isZeros()) {
        pieces.add(new Piece(start, null, sizeOf(start, isLast ? -1 : starts.get(i + 1)), false));
      } else {
        continue; // it was prepared and never used: recovery deletes it
      }
      expected = pieces.get(pieces.size() - 1).end();
    }
    return pieces;
  }

  private static long begin(@Nullable LogIdentity identity) {
    return identity == null ? 0 : identity.start();
  }

  private int sizeOf(long start, long next) {
    long size = next < 0 ? Math.max(capacity, file(start).size()) : next - start;
    return (int) Math.max(SegmentHeader.BYTES, Math.min(Integer.MAX_VALUE, size));
  }

  private FoundFile file(long start) {
    return new FoundFile(files, segments.pathOf(start), start);
  }

  private long secretOf(@Nullable LogIdentity identity, List<@Nullable SegmentHeader> headers) {
    if (identity != null) {
      return identity.secret();
    }
    for (SegmentHeader header : headers) {
      if (header != null) {
        return header.secret();
      }
    }
    if (headers.isEmpty()) {
      return 0;
    }
    throw new StorageException(
        Reason.CORRUPT,
        "no segment in " + segments.directory() + " has a header and " + LogIdentity.NAME
            + " is missing: without either no record can be told from other bytes. Bring one of them"
            + " back from a backup");
  }
}
