package io.escrowmq.namesrv.kv;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * One file in the state directory, replaced as a whole: a new file is written and synced, renamed
 * over the old one, and the directory synced. If we stop before the rename, the old file stands and
 * the leftover is overwritten by the next change; after it, the new one stands.
 *
 * <p>Holds a lock on the directory, so that two name servers do not overwrite each other's file.
 */
public final class DiskKvFile implements KvFile {

  private static final String NEXT = ".next";
  private static final String LOCK = "namesrv.lock";
  private static final long MAX_BYTES = 64 << 20; // far above what the limits let us write

  private final Path directory;
  private final String name;
  private final FileChannel lock;

  private DiskKvFile(Path directory, String name, FileChannel lock) {
    this.directory = directory;
    this.name = name;
    this.lock = lock;
  }

  /** Creates the directory when it is missing. Fails with {@link KvFileException}. */
  public static DiskKvFile open(Path directory, String name) {
    try {
      Files.createDirectories(directory);
      FileChannel lock = FileChannel.open(directory.resolve(LOCK), CREATE, WRITE);
      if (!isLocked(lock)) {
        lock.close();
        throw new KvFileException(
            "another name server uses the state directory " + directory
                + "; give each one a directory of its own",
            null);
      }
      return new DiskKvFile(directory, name, lock);
    } catch (IOException e) {
      throw new KvFileException("cannot use the state directory " + directory, e);
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by another name server of this process
    }
  }

  @Override
  public byte @Nullable [] read() {
    Path file = directory.resolve(name);
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new KvFileException(
            file + " has " + size + " bytes, at most " + MAX_BYTES + " are read", null);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new KvFileException("cannot read " + file, e);
    }
  }

  @Override
  public void replace(byte[] content) {
    Path next = directory.resolve(name + NEXT);
    try {
      try (FileChannel channel = FileChannel.open(next, CREATE, TRUNCATE_EXISTING, WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(directory, READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new KvFileException("cannot replace " + directory.resolve(name), e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new KvFileException("cannot unlock the state directory " + directory, e);
    }
  }
}
