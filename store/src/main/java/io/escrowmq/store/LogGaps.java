package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Finds the places in a log where no whole record is; part of the repair. Changes nothing. */
final class LogGaps {

  private final FileSystem files;
  private final Segments segments;
  private final List<Piece> pieces;
  private final NavigableSet<Long> states;
  private final long trusted;
  private final RecordChecksum checksum;
  private int epoch; // of the last whole record

  LogGaps(
      FileSystem files,
      Segments segments,
      List<Piece> pieces,
      NavigableSet<Long> states,
      RecordChecksum checksum) {
    this.files = files;
    this.segments = segments;
    this.pieces = pieces;
    this.states = states;
    this.trusted = states.isEmpty() ? 0 : states.last();
    this.checksum = checksum;
  }

  /** Of what was looked at so far. */
  int epoch() {
    return epoch;
  }

  /**
   * The gaps of a segment.
   *
   * @param fillers what an earlier repair has put where records were lost
   * @param end where its records end; -1 when a torn tail begins in it
   */
  record SegmentGaps(List<Gap> gaps, List<Gap> fillers, long end) {}

  /** Looks at a segment; one after the other, from the first on. */
  SegmentGaps look(int index) {
    Piece piece = pieces.get(index);
    epoch = Math.max(epoch, piece.header() == null ? 0 : piece.header().epoch());
    if (piece.isMissing()) {
      Gap gap = new Gap(piece.start() + SegmentHeader.BYTES, missingTo(index), epoch);
      return gap.from() >= gap.to()
          ? new SegmentGaps(List.of(), List.of(), gap.from()) // its header is all there was
          : new SegmentGaps(List.of(gap), List.of(), gap.to());
    }
    try (StoreFile file = files.open(segments.pathOf(piece.start()))) {
      FoundFile.readThrough(file, Math.min(file.size(), piece.capacity()));
      List<Gap> gaps = new ArrayList<>();
      List<Gap> fillers = new ArrayList<>();
      long end = gapsOf(file, index, limit(index, file), gaps, fillers);
      return new SegmentGaps(gaps, fillers, end);
    }
  }

  private @Nullable SegmentHeader next(int index) {
    return isLast(index) ? null : pieces.get(index + 1).header();
  }

  private boolean isLast(int index) {
    return index == pieces.size() - 1;
  }

  private long missingTo(int index) {
    Piece piece = pieces.get(index);
    SegmentHeader next = next(index);
    if (next != null && isSaid(piece, next)) {
      return next.previousEnd();
    }
    return isLast(index) ? Math.min(trusted, piece.end()) : withoutRest(piece, piece.end());
  }

  private static boolean isSaid(Piece piece, SegmentHeader next) {
    return next.previousEnd() >= piece.start() + SegmentHeader.BYTES
        && next.previousEnd() <= piece.end();
  }

  private long limit(int index, StoreFile file) {
    Piece piece = pieces.get(index);
    SegmentHeader next = next(index);
    if (next != null && isSaid(piece, next)) {
      return next.previousEnd();
    }
    long bytes = Math.min(file.size(), piece.capacity());
    long used = piece.start() + ((FoundFile.lastByte(file, 0, bytes) + 7) & -8);
    long known =
        isLast(index) ? Math.min(trusted, piece.end()) : Math.max(piece.start(), lastState(piece));
    return withoutRest(piece, Math.max(Math.min(used, piece.end()), known));
  }

  private long lastState(Piece piece) {
    Long last = states.floor(piece.end());
    return last == null ? 0 : last;
  }

  // A record begins at a state file's position, or the records of a segment end there: the latter
  // when
  // no record fits behind it.
  private long withoutRest(Piece piece, long to) {
    Long last = states.lower(to);
    boolean isHere = last != null && last > piece.start() + SegmentHeader.BYTES;
    return isHere && to - last < RecordLayout.HEADER_BYTES ? last : to;
  }

  private long gapsOf(StoreFile file, int index, long limit, List<Gap> gaps, List<Gap> fillers) {
    Piece piece = pieces.get(index);
    long size = Math.min(file.size(), piece.capacity());
    ByteBuffer view = size == 0 ? ByteBuffer.allocate(0) : file.map(size);
    try {
      long at = piece.start() + SegmentHeader.BYTES;
      while (at < limit) {
        long after = afterRecord(view, piece, at, size);
        if (after < 0) {
          if (durableBeyond(index, at) <= at) {
            return -1;
          }
          int before = epoch;
          after = nextRecord(view, piece, at, limit, size);
          if (after < 0) {
            after = isLast(index) && trusted > at ? Math.min(trusted, piece.end()) : limit;
          }
          gaps.add(new Gap(at, after, before));
        } else if (isFiller(view, (int) (at - piece.start()))) {
          fillers.add(new Gap(at, after, epoch));
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

  private static boolean isFiller(ByteBuffer view, int at) {
    return RecordLayout.isOfTheLog(view, at) && !Mark.isMark(view, at);
  }

  // As recovery decides whether a tail is torn.
  private long durableBeyond(int index, long position) {
    TailScan beyond = new TailScan(files, new CRC32C(), checksum);
    for (int i = index; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      if (!piece.isMissing()) {
        beyond.look(
            segments.pathOf(piece.start()), piece.start(), i == index ? position : piece.start());
      }
    }
    return Math.max(trusted, beyond.durable());
  }

  private long afterRecord(ByteBuffer view, Piece piece, long position, long size) {
    int at = (int) (position - piece.start());
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
    long end = Math.min(limit, piece.start() + size);
    long at = from + RecordLayout.HEADER_BYTES;
    for (; at + RecordLayout.HEADER_BYTES <= end; at += 8) {
      int index = (int) (at - piece.start());
      if (view.getLong(index + RecordLayout.POSITION) == at
          && afterRecord(view, piece, at, size) > 0) {
        return at;
      }
    }
    return -1;
  }
}
