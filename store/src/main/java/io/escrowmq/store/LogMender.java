package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is damaged in a log and, if it may, mends it. Owner: the repair.
 *
 * <p>Crash argument: what is overwritten is copied aside and synced before; a filler's bytes are
 * zeros before its header is written, so if we stop in between, the next look finds the same damage.
 */
final class LogMender {

  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSystem files;
  private final Segments segments;
  private final NavigableSet<Long> states;
  private final long nowMillis;
  private final @Nullable Path aside; // null: nothing is changed
  private final List<Damage> found = new ArrayList<>();

  /** @param states positions of state files, at which replay may begin: a record has to begin there */
  LogMender(
      FileSystem files,
      Segments segments,
      NavigableSet<Long> states,
      long nowMillis,
      @Nullable Path aside) {
    this.files = files;
    this.segments = segments;
    this.states = states;
    this.nowMillis = nowMillis;
    this.aside = aside;
  }

  List<Damage> found() {
    return found;
  }

  void tell(Path file, String what, String lost, String repair) {
    found.add(new Damage(file, what, lost, repair));
  }

  /** What stands there is lost; a filler takes its place, or one for each state file's position. */
  void lost(Piece piece, Gap gap, String what, RecordChecksum checksum) {
    Path path = segments.pathOf(piece.start());
    long at = gap.from() - piece.start();
    found.add(new Damage(
        path,
        at,
        gap.to() - gap.from(),
        gap.from(),
        what + " (position " + gap.from() + " to " + gap.to() + headerSays(piece, gap) + ")",
        "the records there",
        (piece.isMissing() ? "the file is made anew, " : "the bytes are kept elsewhere, ")
            + "and a filler takes their place",
        false));
    if (aside == null) {
      return;
    }
    try (StoreFile file = files.open(segments.pathOf(piece.start()))) {
      long from = gap.from();
      for (long position : states.subSet(gap.from(), false, gap.to(), false)) {
        fill(file, piece, from, position, gap.epoch(), checksum);
        from = position;
      }
      fill(file, piece, from, gap.to(), gap.epoch(), checksum);
      file.sync();
    }
  }

  private void fill(
      StoreFile file, Piece piece, long from, long to, int epoch, RecordChecksum checksum) {
    long place = from - piece.start();
    int length = (int) (to - from);
    if (length < RecordLayout.HEADER_BYTES) {
      throw new StorageException(
          Reason.CORRUPT,
          "at position " + from + " of " + segments.pathOf(piece.start()) + " there are " + length
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
    filler.putInt(RecordLayout.EPOCH, epoch);
    filler.putShort(RecordLayout.KIND, (short) RecordLayout.MARK_KIND);
    RecordLayout.seal(filler, 0, length, checksum);
    file.write(filler.limit(RecordLayout.HEADER_BYTES).position(0), place);
  }

  private void copyAside(StoreFile file, Piece piece, long place, int length) {
    String name = segments.pathOf(piece.start()).getFileName() + "." + place;
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (StoreFile copy = files.open(asideDirectory().resolve(name))) {
      long end = Math.min(file.size(), place + length);
      for (long at = place; at < end; at += CHUNK_BYTES) {
        file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, end - at)), at);
        copy.write(chunk.flip(), at - place);
      }
      copy.sync();
    }
    files.syncDirectory(asideDirectory());
  }

  // Nothing vouches for it, but it says most about what stood there.
  private String headerSays(Piece piece, Gap gap) {
    if (piece.isMissing()) {
      return "";
    }
    ByteBuffer header = ByteBuffer.allocate(RecordLayout.HEADER_BYTES);
    try (StoreFile file = files.open(segments.pathOf(piece.start()))) {
      file.read(header, gap.from() - piece.start());
    }
    int kind = header.getShort(RecordLayout.KIND);
    boolean isOne = header.getLong(RecordLayout.POSITION) == gap.from() && RecordKind.isKnown(kind);
    return isOne
        ? "; its header says: a " + RecordKind.of(kind, gap.from()) + " record of "
            + header.getInt(RecordLayout.LENGTH) + " bytes"
        : "";
  }

  /** The segment has no whole header: it gets one. */
  void makeHeader(Piece piece, long previousEnd, int epoch, long secret) {
    tell(
        segments.pathOf(piece.start()),
        "it has no whole header (byte 0 to " + SegmentHeader.BYTES + ", position " + piece.start()
            + ")",
        "nothing",
        "the header is made anew from its neighbours");
    if (aside == null) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
    new SegmentHeader(
            piece.start(), piece.capacity(), epoch, previousEnd, nowMillis, piece.start(), secret)
        .writeTo(bytes, 0, new CRC32C());
    try (StoreFile file = files.open(segments.pathOf(piece.start()))) {
      file.write(bytes.clear(), 0);
      file.sync();
    }
    files.syncDirectory(segments.directory());
  }

  /** The identity says this from now on. */
  void identify(long secret, long start) {
    if (aside != null) {
      LogIdentity.create(files, segments.directory(), secret, start);
    }
  }

  /** The file is none of this log. */
  void moveAway(long start) {
    Path path = segments.pathOf(start);
    tell(path, "it is not a segment of this log", "nothing of this log", "it is moved away");
    if (aside != null) {
      files.rename(path, asideDirectory().resolve(path.getFileName()));
      files.syncDirectory(asideDirectory());
      files.syncDirectory(segments.directory());
    }
  }

  private Path asideDirectory() {
    if (aside == null) {
      throw new IllegalStateException("nothing may be changed");
    }
    files.createDurably(aside);
    return aside;
  }
}
