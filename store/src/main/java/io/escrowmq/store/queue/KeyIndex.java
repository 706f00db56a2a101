package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which messages carry a key: a hash of topic and key to positions. Derived from the log. Owner: the
 * log loop; any thread finds.
 *
 * <p>New keys gather in a run in memory. A full run waits until a background task has sorted it and
 * appended it to the run files. Crash argument: as for the consume queues; an image syncs the runs
 * that it names and carries the entries of all others.
 */
public final class KeyIndex implements View, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeyIndex.class);

  /** Full runs that may wait for the background; beyond that the log loop writes one itself. */
  private static final int WAITING_AT_MOST = 8;

  /** Those, and the one that is being filled. */
  static final int MOST_IN_MEMORY = WAITING_AT_MOST + 1;

  /**
   * Where the entries are, newest first: in the current run, in full ones (oldest first), in sealed
   * ones (oldest first). Replaced as a whole, so that a reader sees each entry once.
   */
  record Runs(MemoryRun current, MemoryRun[] full, SortedRun[] sealed) {}

  private final KeySettings settings;
  private final Executor background;
  private final BlockFiles files;
  private final RunPages pages;

  // held while runs are written or dropped: the log loop takes it only when the background lags
  private final Object writing = new Object();
  // held to replace the runs, for no longer than a copy takes
  private final Object replacing = new Object();
  private final RunDamage damage;
  private volatile Runs runs;
  private volatile long forgottenBefore;
  private boolean closed; // under writing

  private KeyIndex(FileSystem files, Path directory, KeySettings settings, Executor background) {
    this.settings = settings;
    this.background = background;
    this.files = new BlockFiles(files, directory, ".runs", settings.runFileBytes());
    this.pages = new RunPages(this.files);
    this.damage = new RunDamage(this.files, this.pages);
    this.runs = none();
  }

  /**
   * An index without entries, to be restored or filled by replay. Run files that no restored image
   * names are deleted.
   *
   * @param background sorts and writes runs; one task at a time is enough
   */
  public static KeyIndex open(
      FileSystem files, Path directory, KeySettings settings, Executor background) {
    return new KeyIndex(files, directory, settings, background);
  }

  private Runs none() {
    return new Runs(new MemoryRun(settings.runEntries()), new MemoryRun[0], new SortedRun[0]);
  }

  // Hashes

  /** The hash of a topic and one of its keys. Stored: never changes. */
  public static long hash(String topic, String key) {
    return KeyHash.hash(KeyHash.seed(topic), key);
  }

  /** What {@link #hash(long, ByteBuffer, int, int)} begins with; may be kept for each topic. */
  public static long seed(String topic) {
    return KeyHash.seed(topic);
  }

  /** The same hash without a string: the key as UTF-8 at an index of a big-endian buffer. */
  public static long hash(long seed, ByteBuffer bytes, int index, int length) {
    return KeyHash.hash(seed, bytes, index, length);
  }

  // The log loop

  /** Adds one key of one message; positions never go down. The log loop only. */
  public void add(long keyHash, long position, long storeTimeMillis) {
    MemoryRun current = runs.current;
    if (!current.add(keyHash, position, storeTimeMillis)) {
      begin().add(keyHash, position, storeTimeMillis);
    }
  }

  /** The current run is full: it waits for the background, and a new one begins. */
  private MemoryRun begin() {
    MemoryRun next = new MemoryRun(settings.runEntries());
    int waiting;
    synchronized (replacing) {
      Runs now = runs;
      MemoryRun[] full = Arrays.copyOf(now.full, now.full.length + 1);
      full[now.full.length] = now.current;
      waiting = full.length;
      runs = new Runs(next, full, now.sealed);
    }
    if (waiting <= WAITING_AT_MOST) {
      background.execute(this::sealFull);
    } else {
      sealFull();
      dropBeyondBound();
    }
    return next;
  }

  /**
   * The log before this position is gone. The log loop only; before {@link #restore} it says which
   * runs need not be looked for.
   */
  public void forgetBefore(long logPosition) {
    if (logPosition > forgottenBefore) {
      forgottenBefore = logPosition;
      background.execute(this::dropForgotten);
    }
  }

  // The background

  private void sealFull() {
    synchronized (writing) {
      while (runs.full.length > 0 && !closed) {
        MemoryRun oldest = runs.full[0];
        SortedRun run;
        try {
          run = pages.write(oldest);
        } catch (StorageException e) {
          // kept in memory; the next full run tries again
          LOG.warn("a run of keys could not be written: {}", e.getMessage());
          return;
        }
        synchronized (replacing) {
          Runs now = runs;
          SortedRun[] sealed = Arrays.copyOf(now.sealed, now.sealed.length + 1);
          sealed[now.sealed.length] = run;
          runs = new Runs(now.current, withoutFirst(now.full), sealed);
        }
      }
    }
  }

  private void dropBeyondBound() {
    synchronized (replacing) {
      Runs now = runs;
      if (now.full.length > WAITING_AT_MOST) {
        MemoryRun oldest = now.full[0];
        LOG.warn(
            "the key index lacks {} keys from log position {} on: the disk took no run",
            oldest.count(),
            oldest.position(0));
        runs = new Runs(now.current, withoutFirst(now.full), now.sealed);
      }
    }
  }

  private static MemoryRun[] withoutFirst(MemoryRun[] full) {
    return Arrays.copyOfRange(full, 1, full.length);
  }

  private void dropForgotten() {
    long position = forgottenBefore;
    synchronized (writing) {
      synchronized (replacing) {
        Runs now = runs;
        SortedRun[] kept = Arrays.stream(now.sealed)
            .filter(run -> run.highestPosition() >= position)
            .toArray(SortedRun[]::new);
        runs = new Runs(now.current, now.full, kept);
      }
      damage.retain(runs.sealed);
      if (!closed) {
        files.forgetBefore(position);
      }
    }
  }

  // Any thread

  /**
   * Positions of messages with this hash that were stored in a span of time (both ends included),
   * newest first. Other keys may have the same hash: the caller looks at the messages. May read files: not
   * for event loops.
   *
   * @param before where what the caller may see ends; newer positions take the place of none
   * @throws StorageException when some of them cannot be read now, or are being made again
   */
  public long[] find(long keyHash, long fromTimeMillis, long toTimeMillis, long before, int max) {
    KeyMatches matches =
        new KeyMatches(keyHash, fromTimeMillis, toTimeMillis, forgottenBefore, before, max);
    Runs now = runs;
    now.current.find(matches);
    for (int i = now.full.length - 1; i >= 0; i--) {
      now.full[i].find(matches);
    }
    for (int i = now.sealed.length - 1; i >= 0 && !matches.isFull(); i--) {
      SortedRun run = now.sealed[i];
      if (matches.mayLieIn(run.earliestMillis(), run.latestMillis(), run.highestPosition())) {
        damage.find(run, matches);
      }
    }
    return matches.positions();
  }

  // Damage: any thread

  /** How many runs were found damaged so far. */
  public long everDamaged() {
    return damage.everDamaged();
  }

  /** The runs that were found damaged, and that were not made again yet. */
  public List<DamagedRun> damaged() {
    return damage.damagedOf(runs.sealed);
  }

  /** The runs that the disk did not give when they were last read. */
  public List<UnreadPart> unread() {
    return damage.unreadOf(runs.sealed);
  }

  /**
   * Looks at all sealed runs, so that {@link #damaged} knows of all that are damaged now, or that the
   * disk does not give at once.
   */
  public List<DamagedRun> findDamaged() {
    SortedRun[] sealed = runs.sealed;
    for (SortedRun run : sealed) {
      damage.check(run, 1, sealed);
    }
    return damaged();
  }

  /** Looks again at runs that the disk did not give; about once a second. One thread. */
  public void lookAgain() {
    damage.lookAgain(runs.sealed);
  }

  /**
   * Looks at the first sealed run that has keys of records behind a position, and at all that end where
   * it ends: the keys of one record may fill several.
   *
   * @return the position behind which the next one has keys; -1 when there is none any more
   */
  public long checkBehind(long position) {
    long end = -1;
    SortedRun[] sealed = runs.sealed;
    for (SortedRun run : sealed) {
      if (run.highestPosition() > position && (end < 0 || run.highestPosition() == end)) {
        damage.check(run, Unread.MOST_LOOKS, sealed);
        end = run.highestPosition();
      }
    }
    return end;
  }

  /** The file that a damaged run is in. */
  public Path fileOf(DamagedRun run) {
    return files.pathOf(run.address());
  }

  /** Begins to make runs again; {@link RunRebuild#finish} ends it. */
  public RunRebuild rebuild(List<DamagedRun> runsToMake) {
    return new RunRebuild(this, settings.runEntries(), runsToMake);
  }

  /**
   * Runs that were made again take the place of a damaged one. They lie in another file, which the disk
   * may give. So what an older image names is as it was, and a crash in between leaves the damage to be
   * found again.
   */
  void replace(long address, List<MemoryRun> made) {
    synchronized (writing) {
      if (closed) {
        return;
      }
      files.leave(address);
      List<SortedRun> written = made.stream().map(pages::write).toList();
      synchronized (replacing) {
        Runs now = runs;
        SortedRun[] sealed = Arrays.stream(now.sealed)
            .flatMap(run -> run.address() == address ? written.stream() : Stream.of(run))
            .toArray(SortedRun[]::new);
        runs = new Runs(now.current, now.full, sealed);
      }
    } // and the address stays noted: a reader may still have the runs of before
  }

  // Images

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public Image beginImage() {
    Runs now = runs;
    return new KeysImage(now, now.current.count(), files);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    // forgetting may have begun in the background
    synchronized (writing) {
      runs = none();
      KeysImage.read(in, this, files, forgottenBefore);
    }
  }

  void restoreSealed(SortedRun[] sealed) {
    Runs now = runs;
    runs = new Runs(now.current, now.full, sealed);
  }

  /**
   * Ends the use of the run files; readers have stopped. Background tasks that are still to come do
   * nothing: another index may be at work on the same files by then.
   */
  @Override
  public void close() {
    synchronized (writing) {
      closed = true;
      files.close();
    }
  }
}
