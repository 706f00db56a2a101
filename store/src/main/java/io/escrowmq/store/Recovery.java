package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of the log: verifies records from a trusted position to the first that is not
 * whole, decides whether that is a torn tail or damage, and cuts a torn tail. Used once, by {@link
 * CommitLog#open}.
 *
 * <p>Where the line is: a crash tears only what was not synced. So when anything that was verified,
 * or stands whole behind the bad place, says that the log was durable beyond it, the bad place is
 * damage: acknowledged records would be lost silently, and opening is refused. Such witnesses are
 * the trusted position, the marks ({@link Mark}) and the segment headers. Without a witness it is a
 * torn tail.
 *
 * <p>Crash argument for the cut: bytes behind the end are cut off and that is synced before
 * anything is appended, so that no later record can end where a stale one begins: where the file
 * grows again it is zeros. If we stop before the sync,
 * the next start sees the same records before the end, and cuts again. (Positions and epochs that
 * never go down guard against the same once more.)
 */
final class Recovery {

  /**
   * What was found.
   *
   * @param last the segment that will be written
   * @param durable a position before which everything was synced
   * @param secret the log's
   */
  record Found(
      Segment last,
      long end,
      int lastEpoch,
      long durable,
      long previousEnd,
      long previousLastWriteMillis,
      long secret,
      RecoveryReport report) {}

  private final FileSystem files;
  private final Segments segments;
  private final LogSettings settings;
  private final long trustedFrom;
  private final long nowMillis;
  private final LongSupplier secrets;
  private final CRC32C crc = new CRC32C();

  /** Segments with a header that follow one another without a gap. */
  private final List<Segment> chain = new ArrayList<>();

  private final List<SegmentHeader> headers = new ArrayList<>();

  /** Files behind the chain: prepared ones, or what a crash left of them. */
  private final List<Long> strays = new ArrayList<>();

  private @Nullable LogIdentity identity;
  private long secret;
  private RecordChecksum checksum = new RecordChecksum(0);
  private int lastEpoch;
  private long durable;

  Recovery(
      FileSystem files,
      Segments segments,
      LogSettings settings,
      long trustedFrom,
      long nowMillis,
      LongSupplier secrets) {
    this.files = files;
    this.segments = segments;
    this.settings = settings;
    this.trustedFrom = trustedFrom;
    this.nowMillis = nowMillis;
    this.secrets = secrets;
  }

  Found run() {
    try {
      return find();
    } catch (StorageException e) {
      chain.forEach(Segment::giveUp);
      throw e;
    }
  }

  private Found find() {
    List<Long> starts = segments.startsOnDisk();
    identity = segments.readIdentity();
    refuseMissingStart(starts);
    openChain(starts);
    if (chain.isEmpty()) {
      return empty(starts.isEmpty() ? 0 : starts.get(0));
    }
    checksum = new RecordChecksum(secret);
    durable = Math.max(trustedFrom, chain.get(0).start());
    int first = indexOf(durable);
    long from = Math.max(durable, chain.get(first).start() + SegmentHeader.BYTES);
    Place end = verifyFrom(first, from);
    if (end.position() == trustedFrom && trustedFrom > from(first)) {
      // No record vouches for the trusted position: look whether the one before ends there.
      from = from(first);
      end = verifyFrom(first, from);
      if (end.position() > trustedFrom) {
        throw new StorageException(
            Reason.CORRUPT,
            "no record of the log begins at position " + trustedFrom + " of the state file");
      }
    }
    if (end.position() < trustedFrom) {
      throw damaged(end, trustedFrom, "the state file");
    }
    Beyond beyond = new Beyond(files, crc, checksum);
    lookBeyond(end, beyond);
    if (beyond.durable() > end.position()) {
      throw damaged(end, beyond.durable(), "a later part of the log");
    }
    return cut(end, from, beyond.bytes());
  }

  private long from(int index) {
    return chain.get(index).start() + SegmentHeader.BYTES;
  }

  // Retention says where the log begins before it deletes anything.
  private void refuseMissingStart(List<Long> starts) {
    long start = identity == null ? 0 : identity.start();
    boolean isMissing = starts.isEmpty() ? start > 0 : starts.get(0) > start;
    if (isMissing) {
      String found = starts.isEmpty()
          ? "there is no segment"
          : "the first one is " + segments.pathOf(starts.get(0));
      throw new StorageException(
          Reason.CORRUPT,
          identity == null
              ? "the file " + segments.directory().resolve(LogIdentity.NAME) + " is missing or"
                  + " damaged, so nothing says that retention took what was before: " + found
              : "the log begins at " + start + ", but " + found + ": retention did not delete"
                  + " what is missing");
    }
  }

  private void openChain(List<Long> starts) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
    if (identity != null) {
      secret = identity.secret();
    }
    for (long start : starts) {
      SegmentHeader header = strays.isEmpty() ? readHeader(start, bytes) : null;
      boolean follows = chain.isEmpty() || chain.get(chain.size() - 1).end() == start;
      if (header != null && identity == null && chain.isEmpty()) {
        secret = header.secret();
      }
      if (header == null || !follows || header.secret() != secret) {
        strays.add(start);
      } else {
        Segment segment = segments.open(start, header.capacity());
        if (!chain.isEmpty()) {
          chain.get(chain.size() - 1).seal(header.previousEnd(), header.previousLastWriteMillis());
        }
        chain.add(segment);
        headers.add(header);
      }
    }
  }

  private @Nullable SegmentHeader readHeader(long start, ByteBuffer bytes) {
    try (StoreFile file = files.open(segments.pathOf(start))) {
      bytes.clear();
      return file.read(bytes, 0) < SegmentHeader.BYTES
          ? null
          : SegmentHeader.read(bytes, 0, start, crc);
    }
  }

  private int indexOf(long position) {
    int index = chain.size() - 1;
    while (chain.get(index).start() > position) {
      index--;
    }
    return index;
  }

  /** Verifies from a position in a segment of the chain; tells where the last whole record ends. */
  private Place verifyFrom(int first, long from) {
    long position = from;
    lastEpoch = 0;
    for (int i = first; ; i++) {
      Segment segment = chain.get(i);
      boolean isLast = i == chain.size() - 1;
      long limit = isLast ? segment.end() : headers.get(i + 1).previousEnd();
      lastEpoch = Math.max(lastEpoch, headers.get(i).epoch());
      durable = Math.max(durable, headers.get(i).durable());
      long end = verify(segment, position, limit);
      if (isLast || end != limit) {
        return new Place(i, end);
      }
      position = from(i + 1);
    }
  }

  private long verify(Segment segment, long from, long limit) {
    long fileEnd = segment.start() + segment.file().size();
    return segment.read(Math.min(limit, fileEnd), bytes -> verify(segment, bytes, from, limit));
  }

  private long verify(Segment segment, ByteBuffer view, long from, long limit) {
    int at = (int) (from - segment.start());
    int end = (int) Math.min(limit - segment.start(), view.capacity());
    while (RecordLayout.isWhole(view, at, end, segment.start() + at, checksum)) {
      int epoch = view.getInt(at + RecordLayout.EPOCH);
      if (epoch < lastEpoch) {
        break; // left over from an earlier life of the file
      }
      lastEpoch = epoch;
      if (Mark.isMark(view, at)) {
        durable = Math.max(durable, Mark.durable(view, at));
      }
      at += RecordLayout.aligned(view.getInt(at + RecordLayout.LENGTH));
    }
    return segment.start() + at;
  }

  private void lookBeyond(Place end, Beyond beyond) {
    Segment last = chain.get(end.index());
    beyond.look(last.path(), last.start(), end.position());
    for (int i = end.index() + 1; i < chain.size(); i++) {
      beyond.look(chain.get(i).path(), chain.get(i).start(), chain.get(i).start());
    }
    for (long start : strays) {
      beyond.look(segments.pathOf(start), start, start);
    }
  }

  /** No segment has a header: the log is new, or was never synced. */
  private Found empty(long start) {
    Beyond beyond = new Beyond(files, crc, new RecordChecksum(secret));
    strays.forEach(stray -> beyond.look(segments.pathOf(stray), stray, stray));
    long witness = Math.max(trustedFrom, beyond.durable());
    if (identity == null && beyond.bytes() > 0) {
      // Without header and identity no record can be told from other bytes. A log gets its identity
      // before its first byte, so this one had both.
      witness = Math.max(witness, start + 1);
    }
    if (witness > start) {
      throw new StorageException(
          Reason.CORRUPT,
          "the log in " + segments.pathOf(start).getParent() + " has no segment that can be read,"
              + " but was durable up to " + witness);
    }
    secret = identity == null ? secrets.getAsLong() : identity.secret();
    segments.identify(secret, start);
    deleteStrays();
    Segment segment = segments.open(start, settings.segmentBytes());
    segment.wroteAt(nowMillis);
    segments.add(segment);
    String reason = beyond.bytes() == 0 ? "the log is new" : "nothing had been synced";
    return new Found(
        segment,
        start,
        0,
        start,
        start,
        nowMillis,
        secret,
        new RecoveryReport(start, start, beyond.bytes(), reason));
  }

  // Files behind the end go first, the last one first: if we stop in between, the next start finds
  // the same end, and fewer files behind it.
  private Found cut(Place end, long verifiedFrom, long bytesBeyond) {
    segments.identify(secret, chain.get(0).start());
    deleteStrays();
    for (int i = chain.size() - 1; i > end.index(); i--) {
      segments.deleteFile(chain.get(i).start());
      chain.remove(i).giveUp();
    }
    Segment last = chain.get(end.index());
    if (bytesBeyond > 0) {
      last.file().truncate(end.position() - last.start());
      last.file().sync();
    }
    last.unseal(nowMillis);
    last.allocatedEnd(end.position());
    chain.forEach(segments::add);
    SegmentHeader header = headers.get(end.index());
    return new Found(
        last,
        end.position(),
        lastEpoch,
        durable,
        header.previousEnd(),
        header.previousLastWriteMillis(),
        secret,
        new RecoveryReport(verifiedFrom, end.position(), bytesBeyond, reason(bytesBeyond)));
  }

  private String reason(long bytesBeyond) {
    return bytesBeyond == 0
        ? "nothing follows the last whole record"
        : "what follows the last whole record is torn, and had not been synced";
  }

  private void deleteStrays() {
    for (int i = strays.size() - 1; i >= 0; i--) {
      segments.deleteFile(strays.get(i));
    }
  }

  private StorageException damaged(Place end, long witnessed, String witness) {
    Segment segment = chain.get(end.index());
    String follower = end.index() == chain.size() - 1 && !strays.isEmpty()
        ? " (The next file is " + segments.pathOf(strays.get(0)) + ": its header is damaged, or"
            + " a file before it is missing.)"
        : "";
    return new StorageException(
        Reason.CORRUPT,
        "the log is damaged at position " + end.position() + " (byte "
            + (end.position() - segment.start()) + " of " + segment.path() + "): no whole record is"
            + " there, but " + witness + " says that everything before " + witnessed
            + " had been synced; this is no torn write of a crash" + follower);
  }

  /** A position in a segment of the chain. */
  private record Place(int index, long position) {}
}
