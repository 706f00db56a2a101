package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk of this machine. Any thread. Keeps the few directories open that it has synced.
 *
 * <p>A thread that works on a file must not be interrupted: the JDK closes its channel then.
 */
public final class RealFileSystem implements FileSystem {

  /** What the operating system says when the disk, or the user's share of it, is full. */
  private static final List<String> FULL_TEXTS =
      List.of("No space left on device", "Disk quota exceeded", "There is not enough space");

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Map<Path, FileChannel> directories = new HashMap<>(); // guarded by itself

  @Override
  public StoreFile open(Path file) {
    try {
      return new RealFile(
          file,
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed("open", file, 1, e);
    }
  }

  @Override
  public String machineRun() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) { // not Linux
      return "";
    }
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public List<String> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) { // not: whatever cannot be looked at
      return List.of();
    } catch (UncheckedIOException e) { // in the middle of it
      throw failed("list", directory, 0, new IOException(e.getMessage(), e));
    } catch (IOException e) {
      throw failed("list", directory, 0, e);
    }
  }

  @Override
  public void createDirectories(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw failed("create", directory, 1, e);
    }
  }

  @Override
  public void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("rename to " + to, from, 1, e);
    }
  }

  @Override
  public void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("delete", file, 0, e);
    }
  }

  @Override
  public void syncDirectory(Path directory) {
    try {
      handle(directory).force(true);
    } catch (IOException e) {
      throw failed("sync", directory, 0, e);
    }
  }

  // Opened once, since a sync must not fail for want of file descriptors.
  private FileChannel handle(Path directory) throws IOException {
    Path path = directory.toAbsolutePath().normalize();
    synchronized (directories) {
      FileChannel open = directories.get(path);
      if (open == null || !open.isOpen()) { // closed when its thread was interrupted
        open = FileChannel.open(path, StandardOpenOption.READ);
        directories.put(path, open);
      }
      return open;
    }
  }

  @Override
  public long usableBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw failed("ask the room below", directory, 0, e);
    }
  }

  @Override
  public long totalBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getTotalSpace();
    } catch (IOException e) {
      throw failed("ask the size below", directory, 0, e);
    }
  }

  // The lock is the operating system's, on the open file: it ends with the process however that
  // dies, and a file that is merely left over locks nobody out. The text in it is for people. (A
  // second attempt in the same process is refused, but may end the first one's protection against
  // other processes: closing any channel of a file does that on POSIX systems.)
  @Override
  public AutoCloseable lock(Path file) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String holder = text(channel);
        channel.close();
        throw new StorageException(Reason.LOCKED, lockedBy(holder, file));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder().getBytes(StandardCharsets.UTF_8)), 0);
      return channel;
    } catch (IOException e) {
      close(channel);
      throw failed("lock", file, 1, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process holds it
    }
  }

  static String holder() {
    return "process " + ProcessHandle.current().pid();
  }

  static String lockedBy(String holder, Path file) {
    return (holder.isEmpty() ? "another process" : holder)
        + " uses "
        + file.toAbsolutePath().getParent()
        + " (it holds the lock "
        + file
        + "): stop it, or give this one another directory";
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(64);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The failure that brought us here is the one to be told.
    }
  }

  /**
   * The message of the system may be in any language, so a disk without the room that was needed
   * counts as full too.
   */
  static StorageException failed(String doing, Path file, long neededBytes, IOException e) {
    String text = String.valueOf(e.getMessage());
    boolean full = FULL_TEXTS.stream().anyMatch(text::contains) || hasNot(neededBytes, file);
    return new StorageException(
        full ? Reason.FULL : Reason.IO,
        "could not " + doing + " " + file + ": " + (full ? "the disk is full: " : "") + text,
        e);
  }

  private static boolean hasNot(long neededBytes, Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (neededBytes == 0 || directory == null) {
      return false;
    }
    try {
      return Files.getFileStore(directory).getUsableSpace() < neededBytes;
    } catch (IOException e) {
      return false;
    }
  }
}
