package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is damaged in the files of a log that nobody has open, and makes the log whole around it.
 *
 * <p>Nothing moves: each whole record stays at its position, so queues, state files and whatever else
 * names positions stay right. Where bytes are lost a record of the log's own takes their place (a
 * filler, kind 0 like a mark), and readers meet a damaged record there. Lost segments are made anew,
 * with nothing but a filler. A torn tail, which no witness calls durable, is left to recovery.
 *
 * <p>Crash argument: what is overwritten is copied aside and synced before; a filler's bytes are
 * zeros before its header is written, so if we stop in between, the next look finds the same damage.
 */
public final class LogRepair {

  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSystem files;
  private final Path directory;
  private final Segments segments;
  private final long trusted;
  private final long nowMillis;
  private final @Nullable Path aside; // null: nothing is changed
  private final CRC32C crc = new CRC32C();
  private final List<Damage> found = new ArrayList<>();

  private RecordChecksum checksum = new RecordChecksum(0);
  private long secret;
  private int epoch;
  private int capacity; // of segments of which nothing else says it

  private LogRepair(
      FileSystem files,
      Path directory,
      int segmentBytes,
      long trusted,
      long nowMillis,
      @Nullable Path aside) {
    this.files = files;
    this.directory = directory;
    this.segments = new Segments(files, directory);
    this.trusted = trusted;
    this.nowMillis = nowMillis;
    this.aside = aside;
    this.capacity = segmentBytes;
  }

  /**
   * What is damaged; nothing is changed.
   *
   * @param segmentBytes the size of a segment when no header says it
   * @param trusted the position of the newest whole state file, 0 without one: the log was durable up
   *     to there
   */
  public static List<Damage> check(
      FileSystem files, Path directory, int segmentBytes, long trusted) {
    return new LogRepair(files, directory, segmentBytes, trusted, 0, null).run();
  }

  /**
   * Makes the log whole. What was damaged, and what is foreign, is kept in another directory.
   *
   * @param aside a new directory on the same disk
   */
  public static List<Damage> repair(
      FileSystem files,
      Path directory,
      int segmentBytes,
      long trusted,
      long nowMillis,
      Path aside) {
    return new LogRepair(files, directory, segmentBytes, trusted, nowMillis, aside).run();
  }

  /** A segment as it is on disk, or as it must have been. */
  private record Piece(
      long start, @Nullable SegmentHeader header, int capacity, boolean isMissing) {

    long end() {
      return start + capacity;
    }
  }

  private List<Damage> run() {
    List<Piece> pieces = pieces();
    if (pieces.isEmpty()) {
      return found;
    }
    if (pieces.get(0).header == null) {
      makeHeader(pieces.get(0), pieces.get(0).start);
    }
    for (int i = 0; i < pieces.size(); i++) {
      Piece next = i + 1 < pieces.size() ? pieces.get(i + 1) : null;
      long recordsEnd = look(pieces, i, next == null ? null : next.header);
      if (recordsEnd < 0) {
        break;
      }
      if (next != null && next.header == null) {
        makeHeader(next, recordsEnd);
      }
    }
    return found;
  }

  // Which segments there must be

  private List<Piece> pieces() {
    LogIdentity identity = segments.readIdentity();
    List<Piece> onDisk = onDisk(identity);
    if (onDisk.isEmpty()) {
      return onDisk;
    }
    long begins = identity == null ? onDisk.get(0).start : identity.start();
    long first = onDisk.get(0).start;
    if (identity == null || first > begins) {
      if (first > begins) {
        tell(
            segments.pathOf(begins),
            0,
            0,
            "the segments from " + begins + " to " + first + " are missing",
            "the messages in them; transactions and delayed messages that wait in" + " them");
      } else {
        tell(directory.resolve(LogIdentity.NAME), 0, 0, "it is missing or damaged", "nothing");
      }
      if (aside != null) {
        LogIdentity.create(files, directory, secret, first);
      }
    }
    List<Piece> whole = new ArrayList<>();
    long at = first;
    for (Piece piece : onDisk) {
      addMissing(whole, at, piece.start);
      whole.add(piece);
      at = piece.end();
    }
    if (trusted > at) {
      addMissing(whole, at, trusted);
    }
    return whole;
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
      headers.add(readHeader(start));
    }
    secret = secretOf(identity, headers);
    checksum = new RecordChecksum(secret);
    capacity = headers.stream()
        .filter(header -> header != null)
        .mapToInt(header -> header == null ? 0 : header.capacity())
        .findFirst()
        .orElse(capacity);
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      long start = starts.get(i);
      SegmentHeader header = headers.get(i);
      long expected = pieces.isEmpty() ? start : pieces.get(pieces.size() - 1).end();
      boolean isLast = i + 1 == starts.size();
      boolean isForeign = header == null
          ? isLast && start > Math.max(expected, trusted)
          : header.secret() != secret;
      if (expected > start || isForeign) {
        tell(
            segments.pathOf(start), 0, 0, "it is not a segment of this log", "nothing of this log");
        moveAway(start);
      } else if (header != null) {
        pieces.add(new Piece(start, header, header.capacity(), false));
      } else if (i + 1 < starts.size() || start < trusted || !isZeros(start)) {
        int size = i + 1 < starts.size()
            ? (int) Math.min(Integer.MAX_VALUE, starts.get(i + 1) - start)
            : sizeOf(start);
        pieces.add(new Piece(start, null, Math.max(size, SegmentHeader.BYTES), false));
      } // else it was prepared and never used: recovery deletes it
    }
    return pieces;
  }

  private int sizeOf(long start) {
    try (StoreFile file = files.open(segments.pathOf(start))) {
      return (int) Math.max(capacity, file.size());
    }
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
        "no segment in " + directory + " has a header and " + LogIdentity.NAME + " is missing:"
            + " without either no record can be told from other bytes. Bring one of them back from"
            + " a backup");
  }

  private @Nullable SegmentHeader readHeader(long start) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
    try (StoreFile file = files.open(segments.pathOf(start))) {
      return file.read(bytes, 0) < SegmentHeader.BYTES
          ? null
          : SegmentHeader.read(bytes, 0, start, crc);
    }
  }

  private boolean isZeros(long start) {
    try (StoreFile file = files.open(segments.pathOf(start))) {
      return lastByte(file, 0, file.size()) == 0;
    }
  }

  /** Behind the last byte between two places that is not zero; the first place when all are. */
  private static long lastByte(StoreFile file, long from, long to) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long last = from;
    for (long at = from; at < to; at += CHUNK_BYTES) {
      int count = file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, to - at)), at);
      for (int i = 0; i < count; i++) {
        last = chunk.get(i) != 0 ? at + i + 1 : last;
      }
    }
    return last;
  }

  // One segment

  /** Looks at the records of a segment; returns where they end, -1 when a torn tail begins in it. */
  private long look(List<Piece> pieces, int index, @Nullable SegmentHeader next) {
    Piece piece = pieces.get(index);
    boolean isLast = index == pieces.size() - 1;
    epoch = Math.max(epoch, piece.header == null ? 0 : piece.header.epoch());
    if (piece.isMissing) {
      return fillMissing(piece, next, isLast);
    }
    try (StoreFile file = files.open(segments.pathOf(piece.start))) {
      long limit = limit(piece, next, isLast, file);
      List<Gap> gaps = new ArrayList<>();
      long end = gapsOf(file, pieces, index, limit, gaps);
      for (Gap gap : gaps) {
        lost(file, piece, gap, "no whole record is there");
      }
      if (aside != null) {
        file.sync();
      }
      return end;
    }
  }

  private long fillMissing(Piece piece, @Nullable SegmentHeader next, boolean isLast) {
    long limit = isSaid(piece, next) && next != null
        ? next.previousEnd()
        : isLast ? Math.min(trusted, piece.end()) : piece.end();
    Gap gap = new Gap(piece.start + SegmentHeader.BYTES, limit, epoch);
    if (gap.from >= gap.to) {
      return gap.from; // its header is all there was
    }
    if (aside == null) {
      tell(piece, gap.from, gap.to, "the file is missing");
      return limit;
    }
    try (StoreFile file = files.open(segments.pathOf(piece.start))) {
      lost(file, piece, gap, "the file is missing");
      file.sync();
      return limit;
    }
  }

  private static boolean isSaid(Piece piece, @Nullable SegmentHeader next) {
    return next != null
        && next.previousEnd() >= piece.start + SegmentHeader.BYTES
        && next.previousEnd() <= piece.end();
  }

  private long limit(Piece piece, @Nullable SegmentHeader next, boolean isLast, StoreFile file) {
    if (next != null && isSaid(piece, next)) {
      return next.previousEnd();
    }
    long used = piece.start + ((lastByte(file, 0, Math.min(file.size(), piece.capacity)) + 7) & -8);
    long known = isLast ? Math.min(trusted, piece.end()) : piece.start;
    return Math.max(Math.min(used, piece.end()), known);
  }

  /** Bytes between whole records; what was written before them had this epoch. */
  private record Gap(long from, long to, int epoch) {}

  private long gapsOf(StoreFile file, List<Piece> pieces, int index, long limit, List<Gap> gaps) {
    Piece piece = pieces.get(index);
    long size = Math.min(file.size(), piece.capacity);
    ByteBuffer view = size == 0 ? ByteBuffer.allocate(0) : file.map(size);
    try {
      long at = piece.start + SegmentHeader.BYTES;
      while (at < limit) {
        long after = afterRecord(view, piece, at, size);
        if (after < 0) {
          if (durableBeyond(pieces, index, at) <= at) {
            return -1;
          }
          int before = epoch;
          after = nextRecord(view, piece, at, limit, size);
          if (after < 0) {
            boolean isLast = index == pieces.size() - 1;
            after = isLast && trusted > at ? Math.min(trusted, piece.end()) : limit;
          }
          gaps.add(new Gap(at, after, before));
        }
        at = after;
      }
      return at;
    } finally {
      if (size > 0) {
        file.unmap(view);
      }
    }
  }

  // As recovery decides whether a tail is torn.
  private long durableBeyond(List<Piece> pieces, int index, long position) {
    Beyond beyond = new Beyond(files, crc, checksum);
    for (int i = index; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      if (!piece.isMissing) {
        beyond.look(segments.pathOf(piece.start), piece.start, i == index ? position : piece.start);
      }
    }
    return Math.max(trusted, beyond.durable());
  }

  private long afterRecord(ByteBuffer view, Piece piece, long position, long size) {
    int at = (int) (position - piece.start);
    if (at >= size || !RecordLayout.isWhole(view, at, (int) size, position, checksum)) {
      return -1;
    }
    int recorded = view.getInt(at + RecordLayout.EPOCH);
    if (recorded < epoch) {
      return -1; // left over from an earlier life of the file
    }
    epoch = recorded;
    return position + RecordLayout.aligned(view.getInt(at + RecordLayout.LENGTH));
  }

  private long nextRecord(ByteBuffer view, Piece piece, long from, long limit, long size) {
    long end = Math.min(limit, piece.start + size);
    long at = from + RecordLayout.HEADER_BYTES;
    for (; at + RecordLayout.HEADER_BYTES <= end; at += 8) {
      int index = (int) (at - piece.start);
      if (view.getLong(index + RecordLayout.POSITION) == at
          && afterRecord(view, piece, at, size) > 0) {
        return at;
      }
    }
    return -1;
  }

  // Mending

  private void lost(StoreFile file, Piece piece, Gap gap, String what) {
    tell(piece, gap.from, gap.to, what);
    if (aside == null) {
      return;
    }
    if (gap.from < trusted && trusted < gap.to) {
      // replay begins at the state file's position, so a record has to begin there
      fill(file, piece, new Gap(gap.from, trusted, gap.epoch));
      fill(file, piece, new Gap(trusted, gap.to, gap.epoch));
    } else {
      fill(file, piece, gap);
    }
  }

  private void fill(StoreFile file, Piece piece, Gap gap) {
    long from = gap.from;
    long place = from - piece.start;
    int length = (int) (gap.to - from);
    if (length < RecordLayout.HEADER_BYTES) {
      throw new StorageException(
          Reason.CORRUPT,
          "at position " + from + " of " + segments.pathOf(piece.start) + " there are " + length
              + " bytes that belong to no record: fewer than the smallest has");
    }
    copyAside(file, piece, place, length);
    if (file.size() < place + length) {
      file.truncate(place + length);
    }
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (long at = place; at < place + length; at += CHUNK_BYTES) {
      file.write(zeros.clear().limit((int) Math.min(CHUNK_BYTES, place + length - at)), at);
    }
    file.sync();
    ByteBuffer filler = ByteBuffer.allocateDirect(length);
    filler.putLong(RecordLayout.POSITION, from);
    filler.putInt(RecordLayout.EPOCH, gap.epoch);
    filler.putShort(RecordLayout.KIND, (short) RecordLayout.MARK_KIND);
    RecordLayout.seal(filler, 0, length, checksum);
    file.write(filler.limit(RecordLayout.HEADER_BYTES).position(0), place);
  }

  private void copyAside(StoreFile file, Piece piece, long place, int length) {
    Path kept = asideDirectory().resolve(segments.pathOf(piece.start).getFileName() + "." + place);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (StoreFile copy = files.open(kept)) {
      long end = Math.min(file.size(), place + length);
      for (long at = place; at < end; at += CHUNK_BYTES) {
        file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, end - at)), at);
        copy.write(chunk.flip(), at - place);
      }
      copy.sync();
    }
    files.syncDirectory(asideDirectory());
  }

  private void makeHeader(Piece piece, long previousEnd) {
    tell(piece, piece.start, piece.start + SegmentHeader.BYTES, "it has no whole header");
    if (aside == null) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
    new SegmentHeader(
            piece.start, piece.capacity, epoch, previousEnd, nowMillis, piece.start, secret)
        .writeTo(bytes, 0, crc);
    try (StoreFile file = files.open(segments.pathOf(piece.start))) {
      file.write(bytes.clear(), 0);
      file.sync();
    }
    files.syncDirectory(directory);
  }

  private void moveAway(long start) {
    if (aside != null) {
      Path path = segments.pathOf(start);
      files.rename(path, asideDirectory().resolve(path.getFileName()));
      files.syncDirectory(asideDirectory());
      files.syncDirectory(directory);
    }
  }

  private Path asideDirectory() {
    if (aside == null) {
      throw new IllegalStateException("nothing may be changed");
    }
    files.createDurably(aside);
    return aside;
  }

  private void tell(Piece piece, long from, long to, String what) {
    boolean isHeader = to - piece.start <= SegmentHeader.BYTES;
    tell(
        segments.pathOf(piece.start),
        from - piece.start,
        to - from,
        what + " (position " + from + " to " + to + ")",
        isHeader ? "nothing" : "the records there");
  }

  private void tell(Path file, long at, long bytes, String what, String lost) {
    found.add(new Damage(file, at, bytes, what, lost));
  }
}
