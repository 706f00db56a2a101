package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The checksum of a record: CRC-32C of what it covers, turned by 32 bits that follow from the log's
 * secret and the record's position. Owner: one thread.
 *
 * <p>Why: a sender chooses the bytes of its messages and can tell where they will lie, so without the
 * secret it could write bytes that pass for a record, and recovery or a reader would believe them.
 */
final class RecordChecksum {

  private static final int PAGE_BYTES = 4096; // the smallest that a system maps
  private static final byte UNREAD = (byte) 0xA5; // zeros would pass for a message's own
  private static final int PROBE_BYTES = 8; // fewer would be read one by one

  private final long secret;
  private final CRC32C crc = new CRC32C();
  private final byte[] probe = new byte[PROBE_BYTES];

  RecordChecksum(long secret) {
    this.secret = secret;
  }

  /** Of the record at the index, whose fields but the checksum are in place. */
  int of(ByteBuffer bytes, int at, int length) {
    start(bytes, at, at + length);
    return turned(bytes, at);
  }

  /**
   * The same of a record whose bytes may be a mapping, and whose header has been read. When a page
   * cannot be read (a bad sector, a file that was cut), the result is wrong, and an InternalError comes
   * now or later.
   *
   * <p>Why each further page is tried with a copy: in the checksum's machine code such a page ends the
   * process, at every attempt to read this record. A copy leaves the target as it was.
   */
  int ofMapped(ByteBuffer bytes, int at, int length) {
    int end = at + length;
    int firstPageEnd = (at + RecordLayout.POSITION) / PAGE_BYTES * PAGE_BYTES + PAGE_BYTES;
    for (int page = firstPageEnd; page < end; page += PAGE_BYTES) {
      if (!isCopied(bytes, page)) {
        return ofCopy(bytes, at, firstPageEnd, end);
      }
    }
    return of(bytes, at, length);
  }

  private boolean isCopied(ByteBuffer bytes, int from) {
    if (bytes.capacity() - from < probe.length) {
      return false;
    }
    Arrays.fill(probe, UNREAD);
    bytes.get(from, probe);
    for (byte copied : probe) {
      if (copied != UNREAD) {
        return true;
      }
    }
    return false;
  }

  // Of a record with a page that looks as if it could not be read.
  private int ofCopy(ByteBuffer bytes, int at, int firstPageEnd, int end) {
    start(bytes, at, firstPageEnd);
    byte[] page = new byte[Math.min(PAGE_BYTES, end - firstPageEnd)];
    for (int from = firstPageEnd; from < end; from += page.length) {
      int count = Math.min(page.length, end - from);
      Arrays.fill(page, 0, count, UNREAD);
      bytes.get(from, page, 0, count);
      crc.update(page, 0, count);
    }
    return turned(bytes, at);
  }

  private void start(ByteBuffer bytes, int at, int end) {
    crc.reset();
    crc.update(bytes.limit(end).position(at + RecordLayout.POSITION));
    bytes.clear();
  }

  private int turned(ByteBuffer bytes, int at) {
    long position = bytes.getLong(at + RecordLayout.POSITION);
    return (int) crc.getValue() ^ (int) (mix(secret + position) >>> 32);
  }

  /** Spreads each bit over all others (the finalizer of MurmurHash3). */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
