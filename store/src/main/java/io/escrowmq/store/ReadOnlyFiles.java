package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets somebody look at files with code that would change them: what it deletes, renames or creates
 * stays as it is, what it writes is refused. A file that is absent looks empty.
 */
public final class ReadOnlyFiles implements FileSystem {

  private final FileSystem files;

  public ReadOnlyFiles(FileSystem files) {
    this.files = files;
  }

  @Override
  public StoreFile open(Path file) {
    return new ReadOnlyFile(file, files.exists(file) ? files.open(file) : null);
  }

  @Override
  public String machineRun() {
    return files.machineRun();
  }

  @Override
  public boolean exists(Path file) {
    return files.exists(file);
  }

  @Override
  public List<String> list(Path directory) {
    return files.list(directory);
  }

  @Override
  public void createDirectories(Path directory) {}

  @Override
  public void createDurably(Path directory) {}

  @Override
  public void rename(Path from, Path to) {}

  @Override
  public void delete(Path file) {}

  @Override
  public void syncDirectory(Path directory) {}

  @Override
  public long usableBytes(Path directory) {
    return 0;
  }

  @Override
  public long totalBytes(Path directory) {
    return files.totalBytes(directory);
  }

  @Override
  public AutoCloseable lock(Path file) {
    return files.lock(file);
  }

  private record ReadOnlyFile(Path path, @Nullable StoreFile file) implements StoreFile {

    @Override
    public void write(ByteBuffer bytes, long offset) {
      throw refusal();
    }

    @Override
    public int read(ByteBuffer target, long offset) {
      return file == null ? 0 : file.read(target, offset);
    }

    @Override
    public void sync() {}

    @Override
    public long size() {
      return file == null ? 0 : file.size();
    }

    @Override
    public void truncate(long size) {
      throw refusal();
    }

    @Override
    public ByteBuffer map(long size) {
      if (file == null) {
        throw new StorageException(StorageException.Reason.CORRUPT, path + " is missing");
      }
      return file.map(size);
    }

    @Override
    public void unmap(ByteBuffer view) {
      if (file != null) {
        file.unmap(view);
      }
    }

    private StorageException refusal() {
      return new StorageException(
          StorageException.Reason.IO, path + " is only looked at, nothing is written");
    }

    @Override
    public void close() {
      if (file != null) {
        file.close();
      }
    }
  }
}
