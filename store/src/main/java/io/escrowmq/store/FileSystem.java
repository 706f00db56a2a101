package io.escrowmq.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The only door to files.
 *
 * <p>The real one is {@link RealFileSystem}; tests use a simulated one that keeps unsynced bytes
 * apart and can lose, tear or corrupt them, fail a sync, or fill up. Both pass the same tests.
 *
 * <p>The implementation must
 *
 * <ul>
 *   <li>report every failure as {@link StorageException}, a full disk as its reason {@code FULL};
 *   <li>make {@link #rename} atomic: after a crash the target holds the old or the new file;
 *   <li>keep new, renamed and deleted names across a crash only after {@link #syncDirectory}.
 * </ul>
 */
public interface FileSystem {

  /** Opens a file for reading and writing; creates it, empty, when it is absent. */
  StoreFile open(Path file);

  boolean exists(Path file);

  /** The names in a directory, sorted; empty when there is no such directory. */
  List<String> list(Path directory);

  /** Creates the directory and its parents. */
  void createDirectories(Path directory);

  /**
   * Creates the directory and its parents; their names are durable afterwards. Also when they are
   * there: an earlier life may have ended before its sync.
   */
  default void createDurably(Path directory) {
    List<Path> parents = new ArrayList<>();
    Path parent = directory.toAbsolutePath().getParent();
    while (parent != null) {
      parents.add(parent);
      parent = exists(parent) ? null : parent.getParent();
    }
    createDirectories(directory);
    parents.forEach(this::syncDirectory);
  }

  /** Moves a file over another one, atomically. */
  void rename(Path from, Path to);

  /** Deletes the file if it is there. Readers that mapped it go on reading. */
  void delete(Path file);

  /** Makes the names in the directory durable. */
  void syncDirectory(Path directory);

  /** Bytes that can still be written below this directory. */
  long usableBytes(Path directory);

  /** The size of the disk below this directory. */
  long totalBytes(Path directory);

  /**
   * Names this run of the machine. When it is another one than before, what was written and not synced may be gone;
   * while it is the same, the machine's memory has it, whatever becomes of processes. Empty when nobody can tell.
   */
  String machineRun();

  /**
   * Takes an exclusive lock that ends with the process.
   *
   * @throws StorageException with reason {@code LOCKED}, naming the file, when another holds it
   */
  AutoCloseable lock(Path file);
}
