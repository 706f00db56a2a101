package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of this machine's disk. Any thread. */
final class RealFile implements StoreFile {

  private final Path path;
  private final FileChannel channel;

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
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
    } catch (IOException e) {
      throw RealFileSystem.failed("map", path, 0, e);
    }
  }

  @Override
  public void unmap(ByteBuffer view) {
    Unmapping.unmap(view);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw RealFileSystem.failed("close", path, 0, e);
    }
  }

  /**
   * Java 17 has no public way to end a mapping before the garbage collector does. This one is the
   * JDK's own, meant for libraries, and works up to 25; where it is missing, the collector does it.
   */
  private static final class Unmapping {

    private static final @Nullable Object UNSAFE;
    private static final @Nullable Method INVOKE_CLEANER;

    static {
      Object unsafe = null;
      Method invokeCleaner = null;
      try {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        unsafe = instance.get(null);
        invokeCleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
      } catch (ReflectiveOperationException | RuntimeException e) {
        // Left to the garbage collector: slower to free address space, never wrong.
      }
      UNSAFE = unsafe;
      INVOKE_CLEANER = invokeCleaner;
    }

    static void unmap(ByteBuffer view) {
      if (INVOKE_CLEANER == null || !view.isDirect()) {
        return;
      }
      try {
        INVOKE_CLEANER.invoke(UNSAFE, view);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new StorageException(Reason.IO, "could not unmap a view", e);
      }
    }
  }
}
