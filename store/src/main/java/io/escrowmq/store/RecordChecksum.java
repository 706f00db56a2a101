package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksum of a record: CRC-32C of what it covers, turned by 32 bits that follow from the log's
 * secret and the record's position. Owner: one thread.
 *
 * <p>Why: a sender chooses the bytes of its messages and can tell where they will lie, so without the
 * secret it could write bytes that pass for a record, and recovery or a reader would believe them.
 */
final class RecordChecksum {

  private final long secret;
  private final CRC32C crc = new CRC32C();

  RecordChecksum(long secret) {
    this.secret = secret;
  }

  /** Of the record at the index, whose fields but the checksum are in place. */
  int of(ByteBuffer bytes, int at, int length) {
    long position = bytes.getLong(at + RecordLayout.POSITION);
    crc.reset();
    crc.update(bytes.limit(at + length).position(at + RecordLayout.POSITION));
    bytes.clear();
    return (int) crc.getValue() ^ (int) (mix(secret + position) >>> 32);
  }

  /** Uses a byte for nothing, so that it is read. */
  void touch(byte read) {
    crc.update(read);
  }

  /** Spreads each bit over all others (the finalizer of MurmurHash3). */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
