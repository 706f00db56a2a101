package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * How far the log is durable. Owner: the flush loop, or whoever takes its place; any thread sees the
 * position. A failed sync closes the log for good: what is on disk is unknown then.
 */
final class DurableEnd {

  private static final int REWRITTEN_AT_ONCE = 256 * 1024;

  private final Segments segments;
  private final Fuse fuse;
  private volatile long position;

  DurableEnd(Segments segments, Fuse fuse, long position) {
    this.segments = segments;
    this.fuse = fuse;
    this.position = position;
  }

  /** Everything before it was synced. */
  long position() {
    return position;
  }

  /** What lay behind it is gone. Nobody syncs meanwhile. */
  void cut(long end) {
    position = Math.min(position, end);
  }

  /** Makes durable what was written; not two at once. */
  void sync(long written) {
    fuse.check();
    long from = position;
    if (written == from) {
      return;
    }
    try {
      segments.syncNames();
      for (Segment segment : segments.image()) {
        if (segment.start() < written && segment.end() > from) {
          segment.file().sync(); // never given up meanwhile: only durable segments are
        }
      }
    } catch (StorageException e) {
      throw fuse.blow(e);
    } catch (RuntimeException | Error e) { // what is on disk is as unknown as after an I/O error
      throw fuse.blow(
          new StorageException(StorageException.Reason.IO, "the log could not be synced: " + e, e));
    }
    position = written;
  }

  /**
   * What was written and perhaps not synced would be shown after an opening, and could still be lost. A
   * sync alone is not enough: after one that failed, the system may take pages for clean that are not on
   * disk. So the same bytes are written again in their place first. If we stop meanwhile, the disk has
   * the old sectors or the same new ones.
   */
  void writeAgain(long written) {
    if (position == written) {
      return;
    }
    ByteBuffer chunk = ByteBuffer.allocateDirect(REWRITTEN_AT_ONCE);
    for (Segment segment : segments.image()) {
      long end = segment.recordsEnd(written);
      for (long at = Math.max(position, segment.start()); at < end; at += chunk.capacity()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
        segment.file().read(chunk, at - segment.start());
        segment.file().write(chunk.flip(), at - segment.start());
      }
    }
    sync(written);
  }
}
