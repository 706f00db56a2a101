package io.escrowmq.store.queue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes and searches sealed runs: pages of entries sorted by hash, then by age. Hashes are spread
 * evenly, so the page that holds one is computed, not searched for: mostly one read.
 *
 * <pre>
 *  +----------+-------+---------+-------------------------------------------+-------+
 *  | checksum | count | address | 170 entries: hash, position, time         | zeros |
 *  | int32    | int32 | int64   | int64, int64, int64                       |       |
 *  +----------+-------+---------+-------------------------------------------+-------+
 *  4096 bytes; checksum: CRC32C over all that follows it; address: the page's own
 * </pre>
 */
final class RunPages {

  static final int PAGE_BYTES = 4096;
  static final int ENTRIES_A_PAGE = 170;

  private static final int HEADER_BYTES = 16;
  private static final int ENTRY_BYTES = 24;

  // Sorting looks at the upper 49 bits of a hash and uses the rest for the entry's age in its run;
  // entries that agree in those bits are told apart when they are read.
  private static final int AGE_BITS = 15;
  static final int ENTRIES_AT_MOST = 1 << AGE_BITS;

  private final BlockFiles files;
  private ByteBuffer staging = ByteBuffer.allocateDirect(0); // the writer's

  RunPages(BlockFiles files) {
    this.files = files;
  }

  static int bytes(int entries) {
    return pages(entries) * PAGE_BYTES;
  }

  private static int pages(int entries) {
    return (entries + ENTRIES_A_PAGE - 1) / ENTRIES_A_PAGE;
  }

  /** One writer at a time. When it throws, nothing has changed. */
  SortedRun write(MemoryRun run) {
    int entries = run.count();
    long[] order = order(run);
    int length = bytes(entries);
    if (staging.capacity() < length) {
      staging = ByteBuffer.allocateDirect(length);
    }
    staging.clear().limit(length);
    long address = files.addressFor(length);
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    long highest = -1;
    for (int from = 0; from < entries; from += ENTRIES_A_PAGE) {
      int to = Math.min(entries, from + ENTRIES_A_PAGE);
      int page = from / ENTRIES_A_PAGE * PAGE_BYTES;
      staging.position(page + HEADER_BYTES);
      for (int i = from; i < to; i++) {
        int entry = (int) order[i] & (ENTRIES_AT_MOST - 1);
        staging.putLong(run.hash(entry));
        staging.putLong(run.position(entry));
        staging.putLong(run.timeMillis(entry));
        earliest = Math.min(earliest, run.timeMillis(entry));
        latest = Math.max(latest, run.timeMillis(entry));
        highest = Math.max(highest, run.position(entry));
      }
      while (staging.position() < page + PAGE_BYTES) {
        staging.putLong(0);
      }
      staging.putInt(page + 4, to - from).putLong(page + 8, address + page);
      staging.putInt(page, checksum(staging.slice(page, PAGE_BYTES)));
    }
    files.append(staging.position(0), highest);
    return new SortedRun(address, entries, earliest, latest, highest);
  }

  // Hashes are spread evenly: their highest bits bring almost all of them to their places.
  private static long[] order(MemoryRun run) {
    int entries = run.count();
    int shift = Math.min(Long.SIZE - 1, Integer.numberOfLeadingZeros(entries) + Integer.SIZE);
    int[] ends = new int[1 << (Long.SIZE - shift)]; // of those that share their highest bits
    for (int i = 0; i < entries; i++) {
      ends[(int) (run.hash(i) >>> shift)]++;
    }
    for (int i = 1; i < ends.length; i++) {
      ends[i] += ends[i - 1];
    }
    long[] order = new long[entries];
    for (int i = entries - 1; i >= 0; i--) {
      // the sign bit is turned, so that signed order is the hashes' unsigned order
      order[--ends[(int) (run.hash(i) >>> shift)]] =
          ((run.hash(i) ^ Long.MIN_VALUE) & -ENTRIES_AT_MOST) | i;
    }
    int from = 0;
    for (int i = 1; i <= ends.length; i++) { // by now each says where its own begin
      int to = i < ends.length ? ends[i] : entries;
      if (to - from > 1) {
        Arrays.sort(order, from, to);
      }
      from = to;
    }
    return order;
  }

  /** Offers every entry with the hash, newest first. */
  void find(SortedRun run, KeyMatches into) {
    long key = into.hash() >>> AGE_BITS;
    Page page = new Page(run);
    int pages = pages(run.entries());
    int at = (int) (((into.hash() >>> 32) * pages) >>> 32);
    if (!page.load(at)) {
      return;
    }
    // to the last page that begins at the key or before it
    while (at > 0 && page.key(0) > key) {
      if (!page.load(--at)) {
        return;
      }
    }
    while (at + 1 < pages && page.key(page.count() - 1) <= key) {
      if (!page.load(++at)) {
        return;
      }
    }
    // and from there towards the older ones
    while (true) {
      for (int i = page.count() - 1; i >= 0; i--) {
        if (page.hash(i) == into.hash()) {
          into.offer(page.position(i), page.timeMillis(i));
        }
      }
      if (at == 0 || page.key(0) < key || into.isFull() || !page.load(--at)) {
        return;
      }
    }
  }

  /**
   * Looks whether all pages are as they were written.
   *
   * @throws io.escrowmq.store.StorageException with reason {@code CORRUPT} when one is not
   */
  void check(SortedRun run) {
    Page page = new Page(run);
    for (int i = 0; i < pages(run.entries()); i++) {
      if (!page.load(i)) {
        return;
      }
    }
  }

  private static int checksum(ByteBuffer page) {
    CRC32C crc = new CRC32C();
    crc.update(page.position(4));
    return (int) crc.getValue();
  }

  /** One page at a time of one run. */
  private final class Page {
    private final SortedRun run;
    private final ByteBuffer bytes = ByteBuffer.allocate(PAGE_BYTES);

    Page(SortedRun run) {
      this.run = run;
    }

    /** False when retention deleted the run. */
    boolean load(int index) {
      long address = run.address() + (long) index * PAGE_BYTES;
      if (!files.read(address, bytes.clear())) {
        return false;
      }
      if (bytes.getInt(0) != checksum(bytes.duplicate().rewind()) || bytes.getLong(8) != address) {
        throw files.corrupt(address, "this is not a page of a run of keys");
      }
      return true;
    }

    int count() {
      return bytes.getInt(4);
    }

    long key(int index) {
      return hash(index) >>> AGE_BITS;
    }

    long hash(int index) {
      return bytes.getLong(HEADER_BYTES + index * ENTRY_BYTES);
    }

    long position(int index) {
      return bytes.getLong(HEADER_BYTES + index * ENTRY_BYTES + 8);
    }

    long timeMillis(int index) {
      return bytes.getLong(HEADER_BYTES + index * ENTRY_BYTES + 16);
    }
  }
}
