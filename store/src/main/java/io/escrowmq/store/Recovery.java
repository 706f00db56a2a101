package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /**
   * What was found.
   *
   * @param last the segment that will be written
   * @param durable a position before which everything was synced
   * @param secret the log's
   * @param sealed the last record is a mark that witnesses all before it
   */
  record Found(
      Segment last,
      long end,
      int lastEpoch,
      long durable,
      long previousEnd,
      long previousLastWriteMillis,
      long secret,
      boolean sealed,
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

  /** Files that are named like segments and are none of this log. */
  private final List<Long> unknown = new ArrayList<>();

  private @Nullable LogIdentity identity;
  private long secret;
  private RecordChecksum checksum = new RecordChecksum(0);
  private int lastEpoch;
  private long durable;
  private long sealedTo; // where the last mark ends that witnesses all before it

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
    openChain(starts);
    List<Long> known = starts.stream().filter(start -> !unknown.contains(start)).toList();
    refuseMissingStart(known);
    if (chain.isEmpty()) {
      return empty(known.isEmpty() ? 0 : known.get(0));
    }
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
    TailScan beyond = new TailScan(files, crc, checksum);
    lookBehind(end, beyond::look);
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
    if (identity != null) {
      secret = identity.secret();
    }
    checksum = new RecordChecksum(secret);
    // where the next segment is, if there is one
    long expected = identity == null ? (starts.isEmpty() ? 0 : starts.get(0)) : identity.start();
    for (long start : starts) {
      FoundFile file = file(start);
      SegmentHeader header = file.header(crc);
      if (header != null && identity == null && chain.isEmpty()) {
        secret = header.secret();
        checksum = new RecordChecksum(secret);
      }
      boolean isExpected = start == expected;
      if (header != null && header.secret() != secret && isExpected) {
        throw new StorageException(
            Reason.CORRUPT,
            segments.pathOf(start) + " is a segment of another log, in the place of the next one of"
                + " this log");
      }
      boolean isOurs =
          header == null ? isExpected || file.holdsRecord(checksum) : header.secret() == secret;
      if (!isOurs) {
        unknown.add(start);
        continue;
      }
      boolean follows = chain.isEmpty() || chain.get(chain.size() - 1).end() == start;
      if (header == null || !follows || !strays.isEmpty()) {
        strays.add(start);
      } else {
        addToChain(segments.open(start, header.capacity()), header);
      }
      expected = start + (header == null ? settings.segmentBytes() : header.capacity());
    }
  }

  private void addToChain(Segment segment, SegmentHeader header) {
    if (!chain.isEmpty()) {
      chain.get(chain.size() - 1).seal(header.previousEnd(), header.previousLastWriteMillis());
    }
    chain.add(segment);
    headers.add(header);
  }

  private FoundFile file(long start) {
    return new FoundFile(files, segments.pathOf(start), start);
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
        if (Mark.durable(view, at) == segment.start() + at) {
          sealedTo = segment.start() + at + Mark.BYTES;
        }
      }
      at += RecordLayout.aligned(view.getInt(at + RecordLayout.LENGTH));
    }
    return segment.start() + at;
  }

  private void lookBehind(Place end, Look look) {
    Segment last = chain.get(end.index());
    look.at(last.path(), last.start(), end.position());
    for (int i = end.index() + 1; i < chain.size(); i++) {
      look.at(chain.get(i).path(), chain.get(i).start(), chain.get(i).start());
    }
    lookAtStrays(look);
  }

  private void lookAtStrays(Look look) {
    strays.forEach(start -> look.at(segments.pathOf(start), start, start));
  }

  /** No segment has a header: the log is new, or was never synced. */
  private Found empty(long start) {
    TailScan beyond = new TailScan(files, crc, checksum);
    lookAtStrays(beyond::look);
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
    CutRecords behind = behind();
    lookAtStrays(behind::keep);
    deleteStrays();
    secret = identity == null ? secrets.getAsLong() : identity.secret();
    segments.identify(secret, start);
    Segment segment = segments.open(start, settings.segmentBytes());
    segment.wroteAt(nowMillis);
    segments.add(segment);
    String reason = beyond.bytes() == 0 ? "the log is new" : behind.reason(start, beyond.bytes());
    return new Found(
        segment,
        start,
        0,
        start,
        start,
        nowMillis,
        secret,
        true,
        new RecoveryReport(start, start, beyond.bytes(), reason));
  }

  // Files behind the end go first, the last one first: if we stop in between, the next start finds
  // the same end, and fewer files behind it.
  private Found cut(Place end, long verifiedFrom, long bytesBeyond) {
    segments.identify(secret, chain.get(0).start());
    CutRecords behind = behind();
    if (bytesBeyond > 0) {
      lookBehind(end, behind::keep);
    }
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
        sealedTo == end.position(),
        new RecoveryReport(
            verifiedFrom, end.position(), bytesBeyond, behind.reason(end.position(), bytesBeyond)));
  }

  private CutRecords behind() {
    return new CutRecords(files, segments.directory(), checksum, nowMillis);
  }

  // What was prepared, and what a crash left of segments of this log. Of zeros nobody misses
  // anything,
  // wherever they are: they were prepared with other settings. Whatever else has such a name is not
  // ours to delete; it only must not stand where the log will go on.
  private void deleteStrays() {
    for (int i = strays.size() - 1; i >= 0; i--) {
      long start = strays.get(i);
      FoundFile file = file(start);
      if (file.header(crc) != null || file.isZeros() || file.holdsRecord(checksum)) {
        segments.deleteFile(start);
      } else {
        setAside(start);
      }
    }
    for (long start : unknown) {
      if (file(start).isZeros()) {
        segments.deleteFile(start);
      } else {
        setAside(start);
      }
    }
  }

  private void setAside(long start) {
    Path path = segments.pathOf(start);
    Path aside = path;
    for (int i = 1; files.exists(aside); i++) {
      aside = path.resolveSibling(path.getFileName() + ".unknown-" + i);
    }
    LOG.warn(
        "{} holds no whole record of this log: it is called {} from now on, is not read, and may be"
            + " deleted when nobody misses it",
        path,
        aside.getFileName());
    files.rename(path, aside);
    files.syncDirectory(segments.directory());
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

  /** Looks at a file of the log from a position on. */
  private interface Look {
    void at(Path path, long start, long from);
  }

  /** A position in a segment of the chain. */
  private record Place(int index, long position) {}
}
