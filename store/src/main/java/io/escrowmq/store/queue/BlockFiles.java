package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sealed blocks of derived data, one after another in numbered files; a block's address is its file's
 * number (upper half) and its place in that file (lower half). One writer, any reader; {@link #sync}
 * may run on a third thread.
 *
 * <p>Crash argument: blocks are appended without a sync and may be torn or missing after a crash.
 * Whoever names addresses in an image syncs first; after a restart writing goes on where that image
 * ended, so an image never names bytes that were written later than it.
 */
final class BlockFiles {

  private static final Logger LOG = LoggerFactory.getLogger(BlockFiles.class);

  private static final BlockFile[] NONE = {};

  private final FileSystem files;
  private final Path directory;
  private final String ending;
  private final int fileBytes;

  // ascending numbers; replaced as a whole by the writer
  private volatile BlockFile[] open = NONE;
  // files in the directory belong to an earlier life until the first block is written
  private boolean begun;
  private final AtomicInteger created = new AtomicInteger(); // files so far
  private int createdDurably; // the syncing thread only
  private volatile @Nullable StorageException syncFailure; // the first one stays

  BlockFiles(FileSystem files, Path directory, String ending, int fileBytes) {
    this.files = files;
    this.directory = directory;
    this.ending = ending;
    this.fileBytes = fileBytes;
  }

  // The writer

  /** Where the next block will lie if it has this length; begins a file when it must. */
  long addressFor(int length) {
    if (!begun) {
      begin();
    }
    BlockFile[] now = open;
    if (now.length > 0) {
      BlockFile last = now[now.length - 1];
      if (!last.isLeft && (last.end == 0 || last.end + length <= fileBytes)) {
        return address(last.number, last.end);
      }
    }
    BlockFile next = createFrom(now.length == 0 ? 1 : now[now.length - 1].number + 1);
    BlockFile[] more = Arrays.copyOf(now, now.length + 1);
    more[now.length] = next;
    open = more;
    return address(next.number, 0);
  }

  /**
   * Writes a block at {@link #addressFor} its length. When that fails nothing has changed, and it may
   * be tried again.
   *
   * @param highest the highest log position that the block names
   */
  void append(ByteBuffer block, long highest) {
    open[open.length - 1].append(block, highest);
  }

  /** What follows goes into another file than this address is in. */
  void leave(long address) {
    BlockFile file = find(number(address));
    if (file != null) {
      file.isLeft = true;
    }
  }

  /** Where writing goes on: what an image keeps for {@link Extents.NamedBytes}. */
  long end() {
    BlockFile[] now = open;
    return now.length == 0 ? 0 : address(now[now.length - 1].number, now[now.length - 1].end);
  }

  /** The files that there are: what an image keeps for {@link #resume}. Any thread. */
  List<Extents.Extent> extents() {
    return Arrays.stream(open)
        .map(file -> new Extents.Extent(file.number, file.highest))
        .toList();
  }

  /** Deletes the files whose blocks name only positions below this one; never the last file. */
  void forgetBefore(long position) {
    BlockFile[] now = open;
    List<BlockFile> kept = new ArrayList<>(now.length);
    List<BlockFile> gone = new ArrayList<>();
    for (int i = 0; i < now.length; i++) {
      boolean isLast = i == now.length - 1;
      (now[i].highest < position && !isLast ? gone : kept).add(now[i]);
    }
    if (gone.isEmpty()) {
      return;
    }
    open = kept.toArray(NONE);
    gone.forEach(BlockFile::retire);
  }

  private void begin() {
    deleteOthers(List.of());
    begun = true;
  }

  // A file that is there already was left over by an earlier life: if it cannot be used, the next
  // one
  // is.
  private BlockFile createFrom(int number) {
    try {
      BlockFile made = BlockFile.open(files, path(number), number);
      created.incrementAndGet(); // after the name is there: a sync that saw the count covers it
      return made;
    } catch (StorageException e) {
      if (!files.exists(path(number))) {
        throw e;
      }
      return createFrom(number + 1);
    }
  }

  // Readers

  /** Fills the buffer from an address; false when retention deleted the file. */
  boolean read(long address, ByteBuffer into) {
    BlockFile file = find(number(address));
    if (file == null) {
      return false;
    }
    int wanted = into.remaining();
    int got = file.read(into, place(address));
    if (got >= 0 && got < wanted) {
      throw corrupt(address, "the file ends early");
    }
    return got >= 0;
  }

  /** Writes a block again that was damaged; nothing when retention deleted the file. */
  void rewrite(long address, ByteBuffer block) {
    BlockFile file = find(number(address));
    if (file != null) {
      file.rewrite(block, place(address));
    }
  }

  /**
   * Writes zeros over the pages of a block that the disk does not give, or over the whole file when it
   * cannot be opened. Not over the page that is being written.
   */
  void clearUnreadable(long address, int length) {
    BlockFile[] now = open;
    BlockFile file = find(number(address));
    if (file != null && now.length > 0) {
      file.clearUnreadable(place(address), length, file == now[now.length - 1]);
      created.incrementAndGet(); // it may be another file of its name
    }
  }

  /** Makes durable what was written again. One thread; may run beside {@link #sync}. */
  void syncRewritten(Set<Integer> numbers) {
    for (int number : numbers) {
      BlockFile file = find(number);
      if (file != null) {
        sync(file::sync);
      }
    }
  }

  StorageException corrupt(long address, String why) {
    return new StorageException(
        Reason.CORRUPT,
        "%s at byte %d is damaged: %s".formatted(pathOf(address), place(address), why));
  }

  /** The file that an address is in. */
  Path pathOf(long address) {
    return path(number(address));
  }

  private @Nullable BlockFile find(int number) {
    BlockFile[] now = open;
    int low = 0;
    int high = now.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (now[middle].number == number) {
        return now[middle];
      }
      if (now[middle].number < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  // The thread that writes state files

  /**
   * Makes every block that was appended before this call durable. A failed sync is final: what the
   * disk holds is unknown, so no image may name it any more.
   */
  void sync() {
    StorageException failed = syncFailure;
    if (failed != null) {
      throw failed;
    }
    int covered = created.get();
    for (BlockFile file : open) {
      sync(file::syncAppended);
    }
    if (covered != createdDurably) {
      sync(() -> files.syncDirectory(directory));
      createdDurably = covered;
    }
  }

  private void sync(Runnable syncing) {
    try {
      syncing.run();
    } catch (StorageException e) {
      syncFailure = e;
      throw e;
    }
  }

  // Restart

  /**
   * Takes over the files that there were when an image was made, deletes all others, and goes on
   * writing at {@code end}. None that the state file before may name is deleted: it is older, so the
   * files that it names were there, or were forgotten.
   *
   * <p>A file that is missing or too short is there again, without the bytes that are lost: who reads
   * them learns that they are damaged, and they are made again at their places. One that cannot be
   * opened is tried again by whoever needs it.
   *
   * @param named the blocks that the image names
   * @param extents what {@link #extents()} said when the image was made
   * @param end what {@link #end()} said when the image was made
   * @param forgotten files that name only positions below this one may be missing
   */
  void resume(Extents.NamedBytes named, List<Extents.Extent> extents, long end, long forgotten) {
    files.createDurably(directory);
    List<BlockFile> kept = new ArrayList<>();
    for (Extents.Extent extent : extents) {
      long needed = named.bytes(extent.number());
      Path path = path(extent.number());
      if (files.exists(path) || (needed > 0 && extent.highest() >= forgotten)) {
        kept.add(BlockFile.resume(files, path, extent.number(), needed, extent.highest()));
        created.incrementAndGet();
      }
    }
    if (end != 0) {
      goOnAt(kept, number(end), place(end));
    }
    deleteOthers(kept);
    open = kept.toArray(NONE);
    begun = true;
  }

  private void goOnAt(List<BlockFile> kept, int number, long end) {
    BlockFile last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
    if (last == null || last.number != number) {
      // it went with all its blocks
      last = BlockFile.resume(files, path(number), number, end, 0);
      created.incrementAndGet();
      kept.add(last);
    }
    last.end = end;
  }

  private void deleteOthers(List<BlockFile> kept) {
    files.createDurably(directory);
    List<String> names = kept.stream().map(file -> name(file.number)).toList();
    for (String name : files.list(directory)) {
      if (name.endsWith(ending) && !names.contains(name)) {
        delete(directory.resolve(name));
      }
    }
  }

  // Nobody names what is in it, so it harms nobody.
  private void delete(Path leftOver) {
    try {
      files.delete(leftOver);
    } catch (StorageException e) {
      LOG.warn("{}; a later start deletes it", e.getMessage());
    }
  }

  void close() {
    for (BlockFile file : open) {
      file.close();
    }
    open = NONE;
  }

  private Path path(int number) {
    return directory.resolve(name(number));
  }

  private String name(int number) {
    return String.format(Locale.ROOT, "%08d%s", number, ending);
  }

  /** The number of the file that an address is in. */
  static int number(long address) {
    return (int) (address >>> 32);
  }

  /** Where in its file an address is. */
  static long place(long address) {
    return address & 0xFFFF_FFFFL;
  }

  private static long address(int number, long place) {
    return (long) number << 32 | place;
  }
}
