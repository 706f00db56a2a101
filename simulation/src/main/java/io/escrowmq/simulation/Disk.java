package io.escrowmq.simulation;

import io.escrowmq.runtime.Simulator;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.StoreFile;
import io.escrowmq.store.state.StateBytes;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The broker's disk, and what happens to it. Whatever touches it may be the last thing that its machine
 * does, may fail, and may take its time, in which all others go on.
 */
final class Disk {

  /** What happens around the disk. */
  interface Around {
    /** The machine crashes now. */
    void crash(boolean powerFails);

    /** Time passes, if it can; true when the machine crashed meanwhile. */
    boolean hang(Operation operation);
  }

  private static final Path LOG = Path.of("/data/log");
  private static final String DELAYED = "delayed";
  private static final Set<String> OF_RECORDS = Set.of( // and of nothing else
      "topics", "groups", "consumer-offsets", "transactions", "recent-sends", DELAYED);
  private static final int NEVER = 0;
  private static final int NEWEST = 2; // files: the one that is written, and one that is prepared

  private final SimulatedFileSystem files;
  private final Simulator world;
  private final Random random;
  private final UnsyncedFiles unsynced = new UnsyncedFiles(LOG);
  private Session session;
  private int crashIn = NEVER;
  private int changes = NEVER; // of directories, until a crash is near
  private int crashThenIn;
  private boolean powerFailsThen;
  private boolean isLookedAt; // which is none of the broker's doing
  private boolean isFull; // nearly
  private boolean isToFailOnce; // or has done so
  private double failing; // this part of all operations
  private double hanging; // and this one of syncs and writes

  Disk(Simulator world) {
    this.world = world;
    this.random = world.random();
    this.files = new SimulatedFileSystem(random.nextLong());
    this.session = new Session();
  }

  /** What a broker sees of it, until it crashes. */
  FileSystem open(Around around) {
    session = new Session();
    files.fault((operation, file) -> strike(operation, file, around));
    return session;
  }

  private void strike(Operation operation, Path file, Around around) {
    if (isLookedAt) {
      return;
    }
    if (changes != NEVER && isChange(operation) && --changes == NEVER) {
      crashIn = crashThenIn;
    }
    if (crashIn != NEVER && --crashIn == NEVER) {
      around.crash(powerFailsThen);
      throw new PowerOff();
    }
    if (isSlow(operation) && random.nextDouble() < hanging && around.hang(operation)) {
      throw new PowerOff();
    }
    if (random.nextDouble() < failing) {
      fail(operation, file);
    }
    unsynced.sees(operation, file, files.syncs(), world.nanos());
  }

  /** What was in the log before this time is on the disk for good. */
  long safeNanos() {
    return unsynced.safeNanos(files.syncs());
  }

  private static boolean isSlow(Operation operation) {
    return switch (operation) {
      case WRITE, SYNC, SYNC_DIRECTORY, RENAME -> true;
      case OPEN, LIST, CREATE_DIRECTORIES, DELETE, READ, SIZE, TRUNCATE, MAP -> false;
    };
  }

  private static boolean isChange(Operation operation) {
    return switch (operation) {
      case DELETE, RENAME, TRUNCATE, SYNC_DIRECTORY -> true;
      case OPEN, LIST, CREATE_DIRECTORIES, READ, SIZE, MAP, WRITE, SYNC -> false;
    };
  }

  private void fail(Operation operation, Path file) {
    switch (operation) {
      case WRITE -> files.failWrite(1);
      case SYNC, SYNC_DIRECTORY -> files.failSync(1);
      case OPEN, LIST, CREATE_DIRECTORIES, RENAME, DELETE, READ, SIZE, TRUNCATE, MAP ->
        throw new StorageException(
            Reason.IO, "%s of %s failed: Input/output error".formatted(operation, file));
    }
  }

  /** The machine crashes at the nth operation from now on, before it is done. */
  void crashAt(int nth, boolean powerFails) {
    crashIn = nth;
    powerFailsThen = powerFails;
  }

  /**
   * The machine crashes soon after the nth change of a directory from now on: where files come and go,
   * most is decided.
   */
  void crashAfterChange(int nth, int operations, boolean powerFails) {
    changes = nth;
    crashThenIn = operations + 2; // the change itself is done
    powerFailsThen = powerFails;
  }

  /** From now on this part of what is asked of it fails. */
  void fails(double part) {
    failing = part;
  }

  /** From now on this part of syncs and writes takes its time. */
  void hangs(double part) {
    hanging = part;
  }

  /** The nth write or sync from now on fails. */
  void failOnce(boolean write, int nth) {
    isToFailOnce = true;
    if (write) {
      files.failWrite(nth);
    } else {
      files.failSync(nth);
    }
  }

  /** Has room for so many bytes more than are on it. */
  void fill(long more) {
    isFull = true;
    files.capacity(files.usedBytes() + more);
  }

  /** Has room again. */
  void empty() {
    isFull = false;
    files.capacity(Long.MAX_VALUE);
  }

  /** Whether it does what it should, has room, and nothing else is ordered. */
  boolean isWell() {
    return failing == 0 && !isFull && crashIn == NEVER && changes == NEVER && !isToFailOnce;
  }

  /** Whether it was filled and has no room yet. */
  boolean isFull() {
    return isFull;
  }

  /** Does what it should, and has room. What was ordered and did not happen yet does not happen. */
  void heal() {
    failing = 0;
    hanging = 0;
    crashIn = NEVER;
    changes = NEVER;
    files.failWrite(-1);
    files.failSync(-1);
    isToFailOnce = false;
    empty();
  }

  /**
   * Turns one bit of a file over, but not of the newest ones: what was not synced yet is lost then, as if
   * the power had failed, and nobody can tell. Tells which file.
   */
  String flip(Path directory, Random chance) {
    isLookedAt = true;
    try {
      return flipOne(directory, chance);
    } finally {
      isLookedAt = false;
    }
  }

  private String flipOne(Path directory, Random chance) {
    List<String> names = new ArrayList<>(files.list(directory));
    names.removeIf(name -> !Character.isDigit(name.charAt(0)));
    if (names.size() <= NEWEST) {
      return "nothing";
    }
    Path file = directory.resolve(names.get(chance.nextInt(names.size() - NEWEST)));
    try (StoreFile opened = files.open(file)) {
      long size = opened.size();
      if (size > 0) {
        files.flipBit(file, (long) (chance.nextDouble() * size), chance.nextInt(8));
      }
    }
    return file.toString();
  }

  /** Where the newest file of a directory begins, going by its name; 0 when there is none. */
  long newestStart(Path directory) {
    isLookedAt = true;
    try {
      return files.list(directory).stream()
          .filter(name -> Character.isDigit(name.charAt(0)))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
          .max()
          .orElse(0);
    } finally {
      isLookedAt = false;
    }
  }

  /** What the newest state file says of each view that is made of records only. */
  Map<String, String> state(Path directory) {
    isLookedAt = true;
    try (StateFile newest = new StateFiles(files, directory).newest()) {
      Map<String, String> views = new TreeMap<>();
      StateBytes.of(Objects.requireNonNull(newest)).forEach((view, bytes) -> {
        if (OF_RECORDS.contains(view)) {
          views.put(view, view.equals(DELAYED) ? sorted(bytes) : HexFormat.of().formatHex(bytes));
        }
      });
      return views;
    } finally {
      isLookedAt = false;
    }
  }

  /** Somebody looks at it, and nothing of that fails. */
  void lookedAt(Runnable look) {
    isLookedAt = true;
    try {
      look.run();
    } finally {
      isLookedAt = false;
    }
  }

  // The order says what came and went before.
  private static String sorted(byte[] delayed) {
    ByteBuffer in = ByteBuffer.wrap(delayed).position(Integer.BYTES); // behind the format
    List<String> rows = new ArrayList<>();
    for (int i = in.getInt(); i > 0; i--) {
      rows.add(in.getLong() + " " + in.getLong() + " " + in.getLong());
    }
    return rows.stream().sorted().toList().toString();
  }

  /** Deletes what is in a directory. */
  void clear(Path directory) {
    for (String name : files.list(directory)) {
      files.delete(directory.resolve(name));
    }
    files.syncDirectory(directory);
  }

  /** Its machine is gone: what was not synced survives in part, or, if only the process was killed, whole. */
  void crash(boolean powerFails) {
    session.isOver = true;
    crashIn = NEVER;
    changes = NEVER;
    isFull = false;
    if (powerFails) {
      files.crash();
      unsynced.clear();
    } else {
      files.kill();
    }
  }

  /** What one life of a broker sees: nothing any more when that is over. */
  private final class Session implements FileSystem {

    private boolean isOver;

    private SimulatedFileSystem files() {
      if (isOver) {
        throw new StorageException(Reason.IO, "the machine is gone");
      }
      return files;
    }

    @Override
    public StoreFile open(Path file) {
      return files().open(file);
    }

    @Override
    public String machineRun() {
      return files().machineRun();
    }

    @Override
    public boolean exists(Path file) {
      return files().exists(file);
    }

    @Override
    public List<String> list(Path directory) {
      return files().list(directory);
    }

    @Override
    public void createDirectories(Path directory) {
      files().createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) {
      files().rename(from, to);
    }

    @Override
    public void delete(Path file) {
      files().delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {
      files().syncDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) {
      return files().usableBytes(directory);
    }

    @Override
    public long totalBytes(Path directory) {
      return files().totalBytes(directory);
    }

    @Override
    public AutoCloseable lock(Path file) {
      return files().lock(file);
    }
  }
}
