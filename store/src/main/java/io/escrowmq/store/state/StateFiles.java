package io.escrowmq.store.state;

import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.StoreFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state files in a directory: the newest, and the one before it in case the newest turns out
 * unreadable. Owner: one thread at a time, which after the start is a background one; {@link
 * #oldestPosition} is for all.
 *
 * <p>Crash argument: a file gets its name only when all of it, footer last, is durable; so a crash
 * leaves the files that were there before, and perhaps one without a name that counts, which the next
 * writing begins by deleting.
 */
public final class StateFiles {

  private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);

  private static final String ENDING = ".state";
  private static final String REJECTED = ".rejected";
  private static final String UNFINISHED = "unfinished.tmp";
  private static final String STATE_NAME = "\\d{20}\\" + ENDING;
  private static final String REJECTED_NAME = STATE_NAME + "\\" + REJECTED;
  private static final int KEPT = 2;
  private static final String NOTHING_LOST =
      "nothing while another state file or the whole log is there";
  private static final String MOVED = "it is moved away, and two new state files are written";
  private static final String WAITS =
      "A start uses another state file or the whole log, if there is one; otherwise it is refused until"
          + " this file can be read. Look at who may read it, and at what the system says of the disk.";

  private final FileSystem files;
  private final Path directory;
  private final StateReserve reserve;
  private final TreeSet<Long> kept = new TreeSet<>(); // positions of files not known to be damaged
  // files that the disk does not give, with what it said; passed over from then on
  private final Map<Path, String> unreadable = new TreeMap<>();
  private volatile long oldestPosition;

  public StateFiles(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
    this.reserve = new StateReserve(files, directory);
  }

  /**
   * The newest state file that is whole, to be closed; null when there is none. One that cannot be read
   * now is passed over: whoever uses an older one gives it up by {@link #rejectUnreadable}.
   */
  public @Nullable StateFile newest() {
    kept.clear();
    StateFile newest = null;
    List<String> names =
        files.list(directory).stream().sorted(Comparator.reverseOrder()).toList();
    for (String name : names) {
      if (name.matches(STATE_NAME) && !unreadable.containsKey(directory.resolve(name))) {
        if (newest == null) {
          newest = openOrPassOver(directory.resolve(name));
        }
        if (newest != null) {
          kept.add(Long.parseLong(name.substring(0, name.length() - ENDING.length())));
        }
      }
    }
    tellOldest();
    return newest;
  }

  /** The positions of the newest file and of those before it, as {@link #newest} found them. */
  public Set<Long> positions() {
    return Set.copyOf(kept);
  }

  /** The state files that are not whole, or that were rejected. */
  public List<Damage> check() {
    List<Damage> found = new ArrayList<>();
    for (String name : files.list(directory)) {
      Path path = directory.resolve(name);
      if (name.matches(REJECTED_NAME)) {
        found.add(new Damage(path, "a start could not use it", NOTHING_LOST, MOVED));
      } else if (name.matches(STATE_NAME)) {
        StateFile file = openOrPassOver(path);
        if (file != null) {
          file.close();
        } else if (unreadable.containsKey(path)) {
          found.add(Damage.unreadable(path, unreadable.get(path), WAITS));
        } else {
          found.add(new Damage(path, "it is damaged", NOTHING_LOST, MOVED));
        }
      }
    }
    return found;
  }

  private @Nullable StateFile openOrPassOver(Path path) {
    try {
      return open(path);
    } catch (StorageException e) {
      if (e.reason() != Reason.IO) {
        throw e;
      }
      passOver(path, e);
      return null;
    }
  }

  /** It was opened, and then could not be read: the one before it is the newest from now on. */
  public void passOver(StateFile file, StorageException why) {
    file.close();
    passOver(file.path(), why);
  }

  private void passOver(Path path, StorageException why) {
    LOG.warn(
        "the state file {} cannot be read now, the one before it is used: {}",
        path,
        why.getMessage());
    unreadable.put(path, String.valueOf(why.getMessage()));
  }

  /**
   * The state of an older file, or of the whole log, is going to be used: a later start must not take a
   * file that was passed over, as other things lie by then where that one says that its blocks are.
   */
  public void rejectUnreadable() {
    unreadable.keySet().forEach(this::rename);
    unreadable.clear();
  }

  /**
   * Says why nothing can be done without a state file; null when the log alone is enough, as it begins
   * at 0.
   */
  public @Nullable StorageException missing(long logStart) {
    if (logStart == 0) {
      return null;
    }
    StorageException waits = mayComeBack(logStart);
    return waits != null
        ? waits
        : new StorageException(
            Reason.CORRUPT,
            "no state file can be read, and the log begins at " + logStart + " only");
  }

  /**
   * Says why nothing can be done without a state file of behind the log's beginning, while there is one that
   * cannot be read now; null when there is none.
   */
  public @Nullable StorageException mayComeBack(long logStart) {
    if (logStart == 0 || unreadable.isEmpty()) {
      return null;
    }
    return new StorageException(
        Reason.IO,
        "no state file can be read now " + unreadable.values() + ", and the log begins at "
            + logStart + " only: topics, offsets and transactions of what lay before are nowhere"
            + " else. Nothing was changed. Start again when the disk gives them; only if it never"
            + " will, move them out of " + directory + " and run: escrowmq log repair");
  }

  /** Moves state files that cannot be used to another directory. */
  public void moveAway(List<Damage> damaged, Path aside) {
    for (Damage damage : damaged) {
      files.createDurably(aside);
      files.rename(damage.file(), aside.resolve(damage.file().getFileName()));
      unreadable.remove(damage.file());
      files.syncDirectory(aside);
      files.syncDirectory(directory);
    }
  }

  private @Nullable StateFile open(Path path) {
    StoreFile file = files.open(path);
    Footer footer;
    try {
      footer = Footer.read(file);
    } catch (StorageException e) {
      file.close();
      throw e;
    }
    if (footer == null || !path.equals(path(footer.position()))) {
      LOG.warn("the state file {} is damaged: the one before it is used", path);
      file.close();
      return null;
    }
    if (footer.version() > Footer.VERSION) {
      file.close();
      throw newer(
          path, "it has format " + footer.version() + ", this version reads " + Footer.VERSION);
    }
    try {
      return new StateFile(
          path, file, footer.position(), PageTable.open(file, footer.tableLength()));
    } catch (StorageException e) {
      file.close();
      throw e;
    } catch (RuntimeException e) { // the library's; the bytes are as they were written
      LOG.warn("the state file {} cannot be read: the one before it is used", path, e);
      file.close();
      return null;
    }
  }

  static StorageException newer(Path path, String why) {
    return new StorageException(
        Reason.NEWER,
        "the state file %s was written by a newer version: %s; start the newer version again"
            .formatted(path, why));
  }

  /**
   * Closes a state file that could not be used (a view refused it, or it is ahead of the log) and
   * renames it, so that {@link #newest} gives the one before it. Every view is restored again then,
   * or made anew. It is not deleted before two others are there: it may hold what the log has lost to
   * retention, and an operator may still want it.
   */
  public void reject(StateFile file) {
    file.close();
    rename(file.path());
    kept.remove(file.position());
    tellOldest();
  }

  private void rename(Path unusable) {
    files.rename(unusable, unusable.resolveSibling(unusable.getFileName() + REJECTED));
    files.syncDirectory(directory);
  }

  /**
   * Writes what the views looked like at a position, and keeps the state file before. The log must be
   * durable up to the position: a state file may never be ahead of it. When it fails, the state files
   * are as they were.
   *
   * @param position not below that of an earlier state file
   */
  public void write(long position, Map<String, Image> images) {
    if (!kept.isEmpty() && position < kept.last()) {
      throw new IllegalArgumentException(
          "state at position %d after one at %d".formatted(position, kept.last()));
    }
    files.createDurably(directory);
    Path unfinished = directory.resolve(UNFINISHED);
    files.delete(unfinished);
    boolean published = false;
    try {
      try {
        writeWhole(unfinished, position, images);
      } catch (StorageException e) {
        files.delete(unfinished);
        if (e.reason() != Reason.FULL || !reserve.isGivenAs(unfinished)) {
          throw e;
        }
        writeWhole(unfinished, position, images);
      }
      files.rename(unfinished, path(position));
      files.syncDirectory(directory);
      published = true;
    } finally {
      if (!published) {
        files.delete(unfinished);
      }
    }
    kept.add(position);
    deleteOld();
    tellOldest();
    reserve.fill();
  }

  private void writeWhole(Path path, long position, Map<String, Image> images) {
    try (StoreFile file = files.open(path)) {
      Footer footer = new Footer(position, PageTable.write(file, images), Footer.VERSION);
      footer.write(file);
      file.truncate(footer.fileBytes());
      file.sync();
      reserve.sizeFor(footer.fileBytes());
    } catch (IOException e) {
      throw new StorageException(
          Reason.IO, "cannot write the state file for position " + position, e);
    }
  }

  /** Keeps blocks on disk for the state files to come from now on, so that a full disk stops none. */
  public void keepRoom() {
    reserve.begin();
  }

  /** Also the damaged ones: two good ones are there, or were never needed. */
  private void deleteOld() {
    while (kept.size() > KEPT) {
      kept.pollFirst();
    }
    for (String name : files.list(directory)) {
      boolean old = name.matches(STATE_NAME) && kept.stream().noneMatch(p -> name.equals(name(p)));
      if (old || (name.matches(REJECTED_NAME) && kept.size() == KEPT)) {
        deleteOrLeave(directory.resolve(name));
      }
    }
  }

  // What stays is deleted another time; the state is written, and retention need not wait.
  private void deleteOrLeave(Path old) {
    try {
      files.delete(old);
    } catch (StorageException e) {
      LOG.warn("an old state file stays: {}", e.getMessage());
    }
  }

  /**
   * Log segments below this position may be deleted: it is that of the oldest state file kept; 0 while
   * there are fewer than two. Any thread.
   */
  public long oldestPosition() {
    return oldestPosition;
  }

  private void tellOldest() {
    oldestPosition = kept.size() < KEPT ? 0 : kept.first();
  }

  private Path path(long position) {
    return directory.resolve(name(position));
  }

  private static String name(long position) {
    return String.format(Locale.ROOT, "%020d%s", position, ENDING);
  }
}
