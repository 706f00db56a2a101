package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sealed entries of all queues, chunk by chunk in shared files. One writer, any reader.
 *
 * <pre>
 *  +-------+----------+---------+--------------+-------+-------+----------------------+
 *  | magic | checksum | address | first offset | count | zero  | count entries        |
 *  | int32 | int32    | int64   | int64        | int32 | int32 | 24 bytes each, Entry |
 *  +-------+----------+---------+--------------+-------+-------+----------------------+
 *  checksum: CRC32C over all that follows it; the address makes a misplaced chunk visible
 * </pre>
 */
final class Chunks {

  private static final Logger LOG = LoggerFactory.getLogger(Chunks.class);

  /** What {@link #append} answers when nothing could be written. */
  static final long NO_ROOM = -1;

  private static final int MAGIC = 0x45435131; // ECQ1
  private static final int HEADER_BYTES = 32;
  private static final int CHECKED_FROM = 8;

  private record CachedChunk(long address, long[] words) {}

  private final BlockFiles files;
  // the latest chunks that were read; a lagging consumer reads each one several times
  private final AtomicReferenceArray<@Nullable CachedChunk> cache;
  private final CRC32C crc = new CRC32C(); // the writer's
  private ByteBuffer staging = ByteBuffer.allocateDirect(0); // the writer's

  Chunks(FileSystem files, Path directory, QueueSettings settings) {
    this.files = new BlockFiles(files, directory, ".chunks", settings.chunkFileBytes());
    this.cache = new AtomicReferenceArray<>(settings.cachedChunks());
  }

  BlockFiles files() {
    return files;
  }

  static int bytes(int entries) {
    return HEADER_BYTES + entries * Entry.BYTES;
  }

  /**
   * Seals entries as a chunk and answers its address. When it cannot be written {@link #NO_ROOM}: the
   * entries stay in memory then, and it is tried again. The log must not stop for derived data.
   */
  long append(long firstOffset, long[] words, int count, long highestPosition) {
    int length = bytes(count);
    if (staging.capacity() < length) {
      staging = ByteBuffer.allocateDirect(length);
    }
    try {
      long address = files.addressFor(length);
      put(staging, address, firstOffset, words, count, crc);
      files.append(staging, highestPosition);
      return address;
    } catch (StorageException e) {
      LOG.warn("entries of queues stay in memory, they could not be written: {}", e.getMessage());
      return NO_ROOM;
    }
  }

  /** Writes a chunk anew at its place. One thread, not the writer's; {@link BlockFiles#syncRewritten} ends it. */
  void rewrite(long address, long firstOffset, long[] words, int count) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(bytes(count));
    put(bytes, address, firstOffset, words, count, new CRC32C());
    files.rewrite(address, bytes);
  }

  private static void put(
      ByteBuffer into, long address, long firstOffset, long[] words, int count, CRC32C crc) {
    into.clear().limit(bytes(count));
    into.putInt(0, MAGIC).putLong(8, address).putLong(16, firstOffset);
    into.putInt(24, count).putInt(28, 0);
    into.position(HEADER_BYTES);
    into.asLongBuffer().put(words, 0, count * Entry.WORDS);
    into.position(CHECKED_FROM);
    crc.reset();
    crc.update(into);
    into.putInt(4, (int) crc.getValue());
    into.position(0);
  }

  /**
   * The entries of a chunk, checked. When retention deleted the chunk, entries that point at position
   * 0, which is below the log's start then.
   */
  long[] read(long address, long firstOffset, int count) {
    int slot = Math.floorMod(Long.hashCode(address * 0x9E3779B97F4A7C15L), cache.length());
    CachedChunk cached = cache.get(slot);
    if (cached != null && cached.address == address) {
      return cached.words;
    }
    ByteBuffer bytes = readChecked(address, firstOffset, count);
    long[] words = words(bytes, count);
    if (bytes != null) {
      cache.set(slot, new CachedChunk(address, words));
    }
    return words;
  }

  private static long[] words(@Nullable ByteBuffer bytes, int count) {
    long[] words = new long[count * Entry.WORDS];
    if (bytes != null) {
      bytes.position(HEADER_BYTES).asLongBuffer().get(words);
    }
    return words;
  }

  /**
   * Looks whether a chunk is as it was written; answers its entries, null when retention deleted it.
   *
   * @throws StorageException with reason {@code CORRUPT} when it is not
   */
  long @Nullable [] check(long address, long firstOffset, int count) {
    ByteBuffer bytes = readChecked(address, firstOffset, count);
    return bytes == null ? null : words(bytes, count);
  }

  // Null when retention deleted it.
  private @Nullable ByteBuffer readChecked(long address, long firstOffset, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(bytes(count));
    if (!files.read(address, bytes)) {
      return null;
    }
    bytes.flip();
    CRC32C check = new CRC32C();
    check.update(bytes.position(CHECKED_FROM));
    if (bytes.getInt(0) != MAGIC
        || bytes.getInt(4) != (int) check.getValue()
        || bytes.getLong(8) != address
        || bytes.getLong(16) != firstOffset
        || bytes.getInt(24) != count) {
      throw files.corrupt(address, "this is not the chunk from queue offset " + firstOffset);
    }
    return bytes;
  }
}
