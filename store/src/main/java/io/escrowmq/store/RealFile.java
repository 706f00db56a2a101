package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of this machine's disk. Any thread. */
final class RealFile implements StoreFile {

  private final Path path;
  private final FileChannel channel;
  private final Mappings mappings = Mappings.ofThisJdk();

  RealFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public void write(ByteBuffer bytes, long offset) {
    int wanted = bytes.remaining();
    long at = offset;
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw RealFileSystem.failed("write " + wanted + " bytes to", path, wanted, e);
    }
  }

  @Override
  public int read(ByteBuffer target, long offset) {
    int before = target.position();
    long at = offset;
    try {
      while (target.hasRemaining()) {
        int count = channel.read(target, at);
        if (count < 0) {
          break;
        }
        at += count;
      }
      return target.position() - before;
    } catch (IOException e) {
      throw RealFileSystem.failed("read", path, 0, e);
    }
  }

  @Override
  public void sync() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw RealFileSystem.failed("sync", path, 0, e);
    }
  }

  @Override
  public long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw RealFileSystem.failed("ask the size of", path, 0, e);
    }
  }

  // A channel only ever shrinks a file by truncate; to grow it, a byte is written at its new end.
  @Override
  public void truncate(long size) {
    try {
      long now = channel.size();
      if (size < now) {
        channel.truncate(size);
      } else if (size > now) {
        write(ByteBuffer.allocate(1), size - 1);
      }
    } catch (IOException e) {
      throw RealFileSystem.failed("cut", path, 0, e);
    }
  }

  @Override
  public ByteBuffer map(long size) {
    if (size > size()) {
      throw new StorageException(
          Reason.IO, "cannot map " + size + " bytes of " + path + ": it has " + size());
    }
    try {
      return mappings.map(channel, size);
    } catch (IOException e) {
      throw RealFileSystem.failed("map", path, 0, e);
    }
  }

  @Override
  public void unmap(ByteBuffer view) {
    mappings.unmap(view);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw RealFileSystem.failed("close", path, 0, e);
    }
  }
}
