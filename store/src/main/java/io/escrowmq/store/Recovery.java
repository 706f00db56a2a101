package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

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
   * @param durable a position before which everything was synced
   * @param secret the log's
   */
  record FoundLog(LogEnd end, long durable, long secret, RecoveryReport report) {}

  private final FileSystem files;
  private final Segments segments;
  private final LogSettings settings;
  private final long trustedFrom;
  private final long nowMillis;
  private final LongSupplier secrets;
  private final CRC32C crc = new CRC32C();
  private final SegmentChain chain;
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
    this.chain = new SegmentChain(files, segments, settings.segmentBytes(), crc);
  }

  FoundLog run() {
    try {
      return find();
    } catch (StorageException e) {
      chain.giveUp();
      throw e;
    }
  }

  private FoundLog find() {
    long start = chain.open();
    if (chain.isEmpty()) {
      return empty(start);
    }
    durable = Math.max(trustedFrom, start);
    int first = chain.indexOf(durable);
    long from = Math.max(durable, chain.firstRecord(first));
    Place end = verifyFrom(first, from);
    if (end.position() == trustedFrom && trustedFrom > chain.firstRecord(first)) {
      // No record vouches for the trusted position: look whether the one before ends there.
      from = chain.firstRecord(first);
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
    TailScan beyond = new TailScan(files, crc, chain.checksum());
    chain.lookBehind(end.index(), end.position(), beyond::look);
    if (beyond.durable() > end.position()) {
      throw damaged(end, beyond.durable(), "a later part of the log");
    }
    return cut(end, from, beyond.bytes());
  }

  /** Verifies from a position in a segment of the chain; tells where the last whole record ends. */
  private Place verifyFrom(int first, long from) {
    long position = from;
    lastEpoch = 0;
    for (int i = first; ; i++) {
      Segment segment = chain.segment(i);
      boolean isLast = i == chain.size() - 1;
      long limit = isLast ? segment.end() : chain.header(i + 1).previousEnd();
      lastEpoch = Math.max(lastEpoch, chain.header(i).epoch());
      durable = Math.max(durable, chain.header(i).durable());
      long end = verify(segment, position, limit);
      if (isLast || end != limit) {
        return new Place(i, end);
      }
      position = chain.firstRecord(i + 1);
    }
  }

  private long verify(Segment segment, long from, long limit) {
    long fileEnd = segment.start() + segment.file().size();
    return segment.read(Math.min(limit, fileEnd), bytes -> verify(segment, bytes, from, limit));
  }

  private long verify(Segment segment, ByteBuffer view, long from, long limit) {
    int at = (int) (from - segment.start());
    int end = (int) Math.min(limit - segment.start(), view.capacity());
    while (RecordLayout.isWhole(view, at, end, segment.start() + at, chain.checksum())) {
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

  /** No segment has a header: the log is new, or was never synced. */
  private FoundLog empty(long start) {
    TailScan beyond = new TailScan(files, crc, chain.checksum());
    chain.lookAtStrays(beyond::look);
    long witness = Math.max(trustedFrom, beyond.durable());
    LogIdentity identity = chain.identity();
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
    chain.lookAtStrays(behind::keep);
    chain.deleteStrays();
    long secret = identity == null ? secrets.getAsLong() : identity.secret();
    segments.identify(secret, start);
    Segment segment = segments.open(start, settings.segmentBytes());
    segment.wroteAt(nowMillis);
    segments.add(segment);
    String reason = beyond.bytes() == 0 ? "the log is new" : behind.reason(start, beyond.bytes());
    return new FoundLog(
        new LogEnd(segment, start, 0, start, start, start, nowMillis),
        start,
        secret,
        new RecoveryReport(start, start, start, beyond.bytes(), reason));
  }

  // Files behind the end go first, the last one first: if we stop in between, the next start finds
  // the same end, and fewer files behind it.
  private FoundLog cut(Place end, long verifiedFrom, long bytesBeyond) {
    segments.identify(chain.secret(), chain.segment(0).start());
    CutRecords behind = behind();
    if (bytesBeyond > 0) {
      chain.lookBehind(end.index(), end.position(), behind::keep);
    }
    chain.deleteStrays();
    chain.deleteBehind(end.index());
    Segment last = chain.segment(end.index());
    if (bytesBeyond > 0) {
      last.cut(end.position());
    }
    last.unseal(nowMillis);
    last.allocatedEnd(end.position());
    chain.addTo(segments);
    SegmentHeader header = chain.header(end.index());
    return new FoundLog(
        new LogEnd(
            last,
            end.position(),
            lastEpoch,
            durable,
            sealedTo == end.position() ? sealedTo : 0,
            header.previousEnd(),
            header.previousLastWriteMillis()),
        durable,
        chain.secret(),
        new RecoveryReport(
            verifiedFrom,
            durable,
            end.position(),
            bytesBeyond,
            behind.reason(end.position(), bytesBeyond)));
  }

  private CutRecords behind() {
    return new CutRecords(files, segments.directory(), chain.checksum(), nowMillis);
  }

  private StorageException damaged(Place end, long witnessed, String witness) {
    Segment segment = chain.segment(end.index());
    Path next = end.index() == chain.size() - 1 ? chain.firstStray() : null;
    String follower = next == null
        ? ""
        : " (The next file is " + next
            + ": its header is damaged, or a file before it is missing.)";
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
