package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a log as a start finds them: which are segments that follow one another, which lie behind
 * these, and which are of another log. Says nothing of the records in them. Owner: one {@link Recovery}.
 */
final class SegmentChain {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentChain.class);

  /** Looks at a file of the log from a position on. */
  interface Look {
    void at(Path path, long start, long from);
  }

  private final FileSystem files;
  private final Segments segments;
  private final int usualBytes;
  private final CRC32C crc;

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

  /** @param usualBytes of a segment without a header */
  SegmentChain(FileSystem files, Segments segments, int usualBytes, CRC32C crc) {
    this.files = files;
    this.segments = segments;
    this.usualBytes = usualBytes;
    this.crc = crc;
  }

  /**
   * Finds the chain and opens its segments; returns where the log begins.
   *
   * @throws StorageException with reason {@code CORRUPT} when files are missing or of another log
   */
  long open() {
    List<Long> starts = segments.startsOnDisk();
    identity = segments.readIdentity();
    findChain(starts);
    List<Long> known = starts.stream().filter(start -> !unknown.contains(start)).toList();
    refuseMissingStart(known);
    if (chain.isEmpty()) {
      return known.isEmpty() ? 0 : known.get(0);
    }
    return chain.get(0).start();
  }

  private void findChain(List<Long> starts) {
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
      expected = start + (header == null ? usualBytes : header.capacity());
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

  boolean isEmpty() {
    return chain.isEmpty();
  }

  int size() {
    return chain.size();
  }

  Segment segment(int index) {
    return chain.get(index);
  }

  SegmentHeader header(int index) {
    return headers.get(index);
  }

  /** Where the first record of a segment lies. */
  long firstRecord(int index) {
    return chain.get(index).start() + SegmentHeader.BYTES;
  }

  /** Of the segment that holds the position, or that is the first one behind it. */
  int indexOf(long position) {
    int index = chain.size() - 1;
    while (chain.get(index).start() > position) {
      index--;
    }
    return index;
  }

  /** Null when there is no whole one. */
  @Nullable
  LogIdentity identity() {
    return identity;
  }

  /** The log's, as its identity says, or else its first segment. */
  long secret() {
    return secret;
  }

  RecordChecksum checksum() {
    return checksum;
  }

  /** The first file behind the chain; null when there is none. */
  @Nullable
  Path firstStray() {
    return strays.isEmpty() ? null : segments.pathOf(strays.get(0));
  }

  /** Shows all that lies behind a position in a segment. */
  void lookBehind(int index, long position, Look look) {
    Segment last = chain.get(index);
    look.at(last.path(), last.start(), position);
    for (int i = index + 1; i < chain.size(); i++) {
      look.at(chain.get(i).path(), chain.get(i).start(), chain.get(i).start());
    }
    lookAtStrays(look);
  }

  /** Shows the files behind the chain. */
  void lookAtStrays(Look look) {
    strays.forEach(start -> look.at(segments.pathOf(start), start, start));
  }

  /**
   * Deletes what was prepared, and what a crash left of segments of this log. Files of zeros go wherever they
   * are: they were prepared with other settings. Any other file of such a name is not ours to delete; it only
   * must not stand where the log will go on.
   */
  void deleteStrays() {
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

  /** Deletes the segments behind this one, the last one first. */
  void deleteBehind(int index) {
    for (int i = chain.size() - 1; i > index; i--) {
      segments.deleteFile(chain.get(i).start());
      chain.remove(i).giveUp();
    }
  }

  /** Hands the segments over, which are in use from now on. */
  void addTo(Segments log) {
    chain.forEach(log::add);
  }

  /** Lets go of all segments; the log is not opened. */
  void giveUp() {
    chain.forEach(Segment::giveUp);
  }
}
