package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails on demand: what it keeps over a {@link #crash} depends on what was
 * synced, and on the seed. Any thread; every operation holds one lock.
 *
 * <p>Whatever was not synced may be there after a crash, or not, in pieces of 512 bytes; a piece may
 * be torn in its middle. Names survive as in a journal: up to some moment not earlier than the last
 * sync of their directory. After a failed sync the system forgets that the bytes are not on disk: a
 * later sync succeeds without saving them, as Linux does it.
 */
public final class SimulatedFileSystem implements FileSystem {

  private final long seed;
  private final Random random;
  private int runs; // of the machine: each ends with its power

  /** Names as a running program sees them, and as they are on disk. */
  private final TreeMap<Path, SimulatedFile> names = new TreeMap<>();

  private final TreeMap<Path, SimulatedFile> durableNames = new TreeMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private final Set<Path> directories = new HashSet<>();

  /** Directories whose name no sync of their parent covered: a crash takes them, and what is in. */
  private final Set<Path> unsyncedDirectories = new HashSet<>();

  private final Map<Path, Object> locks = new HashMap<>();

  private long capacityBytes = Long.MAX_VALUE;
  private int failWriteIn = -1;
  private int failSyncIn = -1;
  private Runnable duringWrites = () -> {};
  private Fault fault = (operation, file) -> {};

  /** Handles and views of an earlier life are dead. */
  private int life;

  private long writes;
  private long writtenBytes;
  private long syncs;
  private long directorySyncs;
  private int views;

  /** What a program asks of the disk. */
  public enum Operation {
    OPEN,
    LIST,
    CREATE_DIRECTORIES,
    RENAME,
    DELETE,
    SYNC_DIRECTORY,
    WRITE,
    READ,
    SYNC,
    SIZE,
    TRUNCATE,
    MAP
  }

  /** Looks at each operation before it is done; throws when it is to fail. */
  @FunctionalInterface
  public interface Fault {
    void strike(Operation operation, Path file);
  }

  public SimulatedFileSystem(long seed) {
    this.seed = seed;
    // Neighbouring seeds begin alike in Random, so they are spread first.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  @Override
  public synchronized String machineRun() {
    return "run-" + runs;
  }

  // Faults

  /**
   * The power fails: unsynced bytes and names survive in part. Locks, open files and the faults that
   * were ordered are gone.
   */
  public synchronized void crash() {
    runs++;
    newLife();
    surviveNames();
    Luck luck = Luck.values()[random.nextInt(Luck.values().length)];
    for (SimulatedFile file : new LinkedHashSet<>(names.values())) {
      file.crash(random, luck);
    }
  }

  /** The process is killed: everything that was written is there. The rest as in a crash. */
  public synchronized void kill() {
    newLife();
  }

  /** The nth sync from now on fails, 1 being the next; of files and directories alike. */
  public synchronized void failSync(int nth) {
    failSyncIn = nth;
  }

  /** The nth write from now on fails, 1 being the next; a random part of its bytes is written. */
  public synchronized void failWrite(int nth) {
    failWriteIn = nth;
  }

  /** What happens while each write is under way: time passes, say. */
  public synchronized void duringWrites(Runnable event) {
    duringWrites = event;
  }

  /** From now on each operation is shown to this fault first. Ends with a crash. */
  public synchronized void fault(Fault striking) {
    fault = striking;
  }

  /** Somebody cuts a file behind the program's back, on disk and in memory. */
  public synchronized void cut(Path file, long size) {
    existing(file).cut(size);
  }

  /** From now on the disk has room for so many bytes in all. */
  public synchronized void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /** Turns one bit over, on disk and in memory; nobody is told. */
  public synchronized void flipBit(Path file, long offset, int bit) {
    existing(file).flip(offset, bit);
  }

  /** The disk does not give some bytes of a file: a read of them fails, a view has zeros for good. */
  public synchronized void withhold(Path file, long offset, int length) {
    existing(file).withhold(offset, length);
  }

  /** The disk gives all bytes of a file again. */
  public synchronized void give(Path file) {
    existing(file).withhold(0, 0);
  }

  // Counters

  public synchronized long writes() {
    return writes;
  }

  public synchronized long writtenBytes() {
    return writtenBytes;
  }

  /** Successful syncs of files. */
  public synchronized long syncs() {
    return syncs;
  }

  public synchronized long directorySyncs() {
    return directorySyncs;
  }

  /** Bytes that files take, in blocks. */
  public synchronized long usedBytes() {
    return Set.copyOf(names.values()).stream()
        .mapToLong(SimulatedFile::blockBytes)
        .sum();
  }

  /** How many views are mapped and not yet unmapped. */
  public synchronized int views() {
    return views;
  }

  // The door

  @Override
  public synchronized StoreFile open(Path file) {
    fault.strike(Operation.OPEN, normal(file));
    Path path = normal(file);
    Path parent = path.getParent();
    if (parent == null || !directories.contains(parent)) {
      throw new StorageException(Reason.IO, "could not open " + file + ": no such directory");
    }
    SimulatedFile inode = names.get(path);
    if (inode == null) {
      inode = new SimulatedFile();
      names.put(path, inode);
      unsyncedNames.add(new NameChange(path, null, inode));
    }
    return new Handle(path, inode);
  }

  @Override
  public synchronized boolean exists(Path file) {
    return names.containsKey(normal(file)) || directories.contains(normal(file));
  }

  @Override
  public synchronized List<String> list(Path directory) {
    fault.strike(Operation.LIST, normal(directory));
    Path path = normal(directory);
    return java.util.stream.Stream.concat(names.keySet().stream(), directories.stream())
        .filter(name -> path.equals(name.getParent()))
        .map(name -> String.valueOf(name.getFileName()))
        .sorted()
        .toList();
  }

  @Override
  public synchronized void createDirectories(Path directory) {
    fault.strike(Operation.CREATE_DIRECTORIES, normal(directory));
    for (Path path = normal(directory); path != null; path = path.getParent()) {
      if (directories.add(path) && path.getParent() != null) {
        unsyncedDirectories.add(path);
      }
    }
  }

  @Override
  public synchronized void rename(Path from, Path to) {
    fault.strike(Operation.RENAME, normal(from));
    SimulatedFile inode = existing(from);
    names.remove(normal(from));
    names.put(normal(to), inode);
    unsyncedNames.add(new NameChange(normal(to), normal(from), inode));
  }

  @Override
  public synchronized void delete(Path file) {
    fault.strike(Operation.DELETE, normal(file));
    SimulatedFile inode = names.remove(normal(file));
    if (inode != null) {
      unsyncedNames.add(new NameChange(normal(file), null, null));
    }
  }

  @Override
  public synchronized void syncDirectory(Path directory) {
    fault.strike(Operation.SYNC_DIRECTORY, normal(directory));
    failSyncWhenDue("directory " + directory);
    directorySyncs++;
    Path path = normal(directory);
    unsyncedDirectories.removeIf(made -> path.equals(made.getParent()));
    List<NameChange> others = new ArrayList<>();
    for (NameChange change : unsyncedNames) {
      if (path.equals(change.name().getParent())) {
        change.applyTo(durableNames);
      } else {
        others.add(change);
      }
    }
    unsyncedNames.clear();
    unsyncedNames.addAll(others);
  }

  @Override
  public synchronized long usableBytes(Path directory) {
    return Math.max(0, capacityBytes - usedBytes());
  }

  @Override
  public synchronized long totalBytes(Path directory) {
    return capacityBytes;
  }

  @Override
  public synchronized AutoCloseable lock(Path file) {
    open(file);
    Path path = normal(file);
    if (locks.containsKey(path)) {
      throw new StorageException(
          Reason.LOCKED, RealFileSystem.lockedBy(RealFileSystem.holder(), file));
    }
    Object holder = new Object();
    locks.put(path, holder);
    return () -> unlock(path, holder);
  }

  private synchronized void unlock(Path path, Object holder) {
    locks.remove(path, holder);
  }

  @Override
  public String toString() {
    return "simulated disk, seed " + seed;
  }

  private void newLife() {
    life++;
    views = 0;
    locks.clear();
    capacityBytes = Long.MAX_VALUE;
    failWriteIn = -1;
    failSyncIn = -1;
    fault = (operation, file) -> {};
    Set.copyOf(names.values()).forEach(SimulatedFile::scribbleOverViews);
  }

  private void surviveNames() {
    int kept = random.nextInt(unsyncedNames.size() + 1);
    unsyncedNames.subList(0, kept).forEach(change -> change.applyTo(durableNames));
    unsyncedNames.clear();
    for (Path lost : unsyncedDirectories) {
      directories.removeIf(below -> below.startsWith(lost));
      durableNames.keySet().removeIf(below -> below.startsWith(lost));
    }
    unsyncedDirectories.clear();
    names.clear();
    names.putAll(durableNames);
  }

  private void failSyncWhenDue(String what) {
    if (failSyncIn > 0 && --failSyncIn == 0) {
      throw new StorageException(Reason.IO, "could not sync " + what + ": Input/output error");
    }
  }

  private SimulatedFile existing(Path file) {
    SimulatedFile inode = names.get(normal(file));
    if (inode == null) {
      throw new StorageException(Reason.IO, "no such file: " + file);
    }
    return inode;
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** How kind a crash is to what was not synced. */
  enum Luck {
    NOTHING_IS_KEPT,
    ALL_IS_KEPT,
    A_BEGINNING_IS_KEPT,
    ANY_PIECES_ARE_KEPT
  }

  /** A name that points elsewhere now: to a new file, to a renamed one, or nowhere. */
  private record NameChange(
      Path name, @Nullable Path from, @Nullable SimulatedFile file) {

    void applyTo(Map<Path, SimulatedFile> target) {
      if (from != null) {
        target.remove(from);
      }
      if (file == null) {
        target.remove(name);
      } else {
        target.put(name, file);
      }
    }
  }

  /** An open file. */
  private final class Handle implements StoreFile {

    private final Path path;
    private final SimulatedFile file;
    private final int born = life;
    private boolean open = true;

    Handle(Path path, SimulatedFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      synchronized (SimulatedFileSystem.this) {
        alive(Operation.WRITE);
        writes++;
        duringWrites.run();
        byte[] data = new byte[bytes.remaining()];
        bytes.get(data);
        if (failWriteIn > 0 && --failWriteIn == 0) {
          file.write(offset, data, random.nextInt(data.length + 1));
          throw new StorageException(
              Reason.IO, "could not write to " + path + ": Input/output error");
        }
        int fitting = fitting(offset, data.length);
        file.write(offset, data, fitting);
        writtenBytes += fitting;
        if (fitting < data.length) {
          throw new StorageException(
              Reason.FULL, "could not write to " + path + ": the disk is full");
        }
      }
    }

    /** How many of the bytes find room: blocks that are there cost nothing. */
    private int fitting(long offset, int length) {
      if (capacityBytes == Long.MAX_VALUE) {
        return length;
      }
      long free = capacityBytes - usedBytes();
      long end = offset + length;
      for (long at = offset; at < end; at = (at / SimulatedFile.BLOCK + 1) * SimulatedFile.BLOCK) {
        if (!file.hasBlock(at)) {
          free -= SimulatedFile.BLOCK;
          if (free < 0) {
            return (int) (at - offset);
          }
        }
      }
      return length;
    }

    @Override
    public int read(ByteBuffer target, long offset) {
      synchronized (SimulatedFileSystem.this) {
        alive(Operation.READ);
        if (file.withholds(offset, target.remaining())) {
          throw new StorageException(Reason.IO, "could not read " + path + ": Input/output error");
        }
        return file.read(target, offset);
      }
    }

    @Override
    public void sync() {
      synchronized (SimulatedFileSystem.this) {
        alive(Operation.SYNC);
        try {
          failSyncWhenDue("file " + path);
        } catch (StorageException e) {
          file.forgetUnsynced();
          throw e;
        }
        syncs++;
        file.sync();
      }
    }

    @Override
    public long size() {
      synchronized (SimulatedFileSystem.this) {
        alive(Operation.SIZE);
        return file.size();
      }
    }

    @Override
    public void truncate(long size) {
      synchronized (SimulatedFileSystem.this) {
        alive(Operation.TRUNCATE);
        file.truncate(size);
      }
    }

    @Override
    public ByteBuffer map(long size) {
      synchronized (SimulatedFileSystem.this) {
        alive(Operation.MAP);
        if (size > file.size()) {
          throw new StorageException(
              Reason.IO, "cannot map " + size + " bytes of " + path + ": it has " + file.size());
        }
        views++;
        return file.map((int) size);
      }
    }

    @Override
    public void unmap(ByteBuffer view) {
      synchronized (SimulatedFileSystem.this) {
        if (file.unmap(view)) {
          views--;
        }
      }
    }

    @Override
    public void close() {
      open = false;
    }

    private void alive(Operation operation) {
      if (!open || born != life) {
        throw new StorageException(Reason.IO, path + " was closed");
      }
      fault.strike(operation, path);
    }
  }
}
