package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The files of the log, oldest first, without gaps. The log loop changes the list; any thread reads
 * an image of it.
 */
final class Segments {

  private static final String SUFFIX = ".log";

  private final FileSystem files;
  private final Path directory;

  // Immutable; swapped by reference. Never empty once the log is open.
  private volatile Segment[] image = {};

  /** Names created so far, and how many of them a sync of the directory covered. */
  private final AtomicInteger created = new AtomicInteger();

  private int createdDurably; // owner: the flush loop

  private @Nullable LogIdentity identity; // owner: the log loop; there once the log is open

  Segments(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** What the log's identity says, if its file can be read. */
  @Nullable
  LogIdentity readIdentity() {
    identity = LogIdentity.read(files, directory);
    return identity;
  }

  /** Sees to it that the log has an identity. */
  void identify(long secret, long start) {
    if (identity == null) {
      identity = LogIdentity.create(files, directory, secret, start);
    }
  }

  Path directory() {
    return directory;
  }

  Path pathOf(long start) {
    return directory.resolve(String.format(Locale.ROOT, "%020d%s", start, SUFFIX));
  }

  /** The starts of all segment files in the directory, in order. */
  List<Long> startsOnDisk() {
    return files.list(directory).stream()
        .filter(name -> name.matches("\\d{20}" + SUFFIX))
        .map(name -> Long.parseLong(name.substring(0, 20)))
        .toList();
  }

  /** Opens or creates the file of a segment, without adding it to the list. */
  Segment open(long start, int capacity) {
    Path path = pathOf(start);
    StoreFile file = files.open(path);
    // The count goes up after the name is there, so that a sync which saw the count covers it.
    created.incrementAndGet();
    return new Segment(start, capacity, path, file);
  }

  void add(Segment segment) {
    Segment[] now = image;
    Segment[] next = Arrays.copyOf(now, now.length + 1);
    next[now.length] = segment;
    image = next;
  }

  /** Forgets the last one, which nobody has read. */
  void dropLast() {
    Segment[] now = image;
    image = Arrays.copyOf(now, now.length - 1);
    now[now.length - 1].giveUp();
  }

  Segment[] image() {
    return image;
  }

  /** What each holds of the records that end at a position, oldest first. */
  List<SegmentStats> stats(long end) {
    return Arrays.stream(image)
        .map(segment -> new SegmentStats(
            segment.start(), segment.recordsEnd(end) - segment.start(), segment.lastWriteMillis()))
        .toList();
  }

  /** The segment that the position lies in; null when it lies before the first one. */
  @Nullable
  Segment find(long position) {
    Segment[] now = image;
    for (int i = now.length - 1; i >= 0; i--) { // readers are mostly near the tail
      if (now[i].start() <= position) {
        return now[i];
      }
    }
    return null;
  }

  /** Bytes of one segment behind a position, or of the next one; null when nothing more is written. */
  @Nullable
  LogChunk chunk(long from, long written, int most) {
    Segment segment = find(from);
    if (segment != null && from >= segment.recordsEnd(written)) {
      segment = find(segment.end());
    }
    if (segment == null) {
      return null;
    }
    long position = Math.max(from, segment.start());
    long end = Math.min(segment.recordsEnd(written), position + most);
    SegmentView view = end <= position ? null : segment.view(end - segment.start());
    if (view == null) {
      return null;
    }
    int at = (int) (position - segment.start());
    ByteBuffer bytes = view.bytes().limit((int) (end - segment.start())).position(at);
    return new LogChunk(position, view, bytes.slice());
  }

  /** Makes durable the names of the files created so far; the flush loop only. */
  void syncNames() {
    int covered = created.get();
    if (covered != createdDurably) {
      files.syncDirectory(directory);
      createdDurably = covered;
    }
  }

  /** Records durably that the log will begin with the segment that this position lies in. */
  void announceStart(long position) {
    Segment first = find(position);
    if (identity != null && first != null) {
      identity.startAt(first.start());
    }
  }

  /**
   * Deletes the segments that lie wholly before the position; never the last one. The names go one
   * by one, oldest first, each durably before the next: a crash in between leaves no gap. {@link
   * #announceStart} comes first.
   */
  void deleteBefore(long position) {
    Segment[] now = image;
    while (now.length > 1 && now[1].start() <= position) {
      Segment oldest = now[0];
      now = Arrays.copyOfRange(now, 1, now.length);
      image = now;
      deleteFile(oldest.start());
      oldest.giveUp();
    }
  }

  /**
   * Cuts what lies behind a position in one of them, durably. The last file goes first: if we stop in
   * between, a shorter log is found, and cut again. What is cut is kept elsewhere, and cannot come back.
   */
  Segment cut(long position, CutRecords cut) {
    Segment[] now = image;
    while (now.length > 1 && now[now.length - 1].start() >= position) {
      Segment last = now[now.length - 1];
      cut.keep(last.path(), last.start(), last.start() + SegmentHeader.BYTES);
      now = Arrays.copyOf(now, now.length - 1);
      image = now;
      deleteFile(last.start());
      last.giveUp();
    }
    Segment last = now[now.length - 1];
    cut.keep(last.path(), last.start(), Math.max(position, last.start() + SegmentHeader.BYTES));
    last.cut(position);
    return last;
  }

  /** Deletes a file, durably. */
  void deleteFile(long start) {
    files.delete(pathOf(start));
    files.syncDirectory(directory);
  }

  /** Gives up a file that was prepared and not used; recovery would delete it as well. */
  void discard(Segment prepared) {
    files.delete(prepared.path());
    prepared.giveUp();
  }

  long usableBytes() {
    return files.usableBytes(directory);
  }

  void giveUp() {
    for (Segment segment : image) {
      segment.giveUp();
    }
  }
}
