package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.IdentityHashMap;

/**
 * Maps files and ends mappings before the garbage collector does, with what the JDK at hand offers;
 * hence the reflection: we compile for Java 17. Any thread.
 */
abstract sealed class Mappings {

  private static final int FIRST_JDK_WITH_ARENAS = 22;

  static Mappings ofThisJdk() {
    return Runtime.version().feature() >= FIRST_JDK_WITH_ARENAS ? new Arenas() : new Cleaners();
  }

  abstract ByteBuffer map(FileChannel channel, long size) throws IOException;

  abstract void unmap(ByteBuffer view);

  private static StorageException failed(ReflectiveOperationException e) {
    return new StorageException(Reason.IO, "this JDK does not map files as expected: " + e, e);
  }

  private static Object call(Method method, Object on, Object... arguments) throws IOException {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw failed(e);
    } catch (IllegalAccessException e) {
      throw failed(e);
    }
  }

  /** Up to Java 21: the cleaner of the mapped buffer, which has no public door of its own. */
  private static final class Cleaners extends Mappings {

    private static final Object UNSAFE;
    private static final Method INVOKE_CLEANER;

    static {
      try {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        UNSAFE = instance.get(null);
        INVOKE_CLEANER = type.getMethod("invokeCleaner", ByteBuffer.class);
      } catch (ReflectiveOperationException e) {
        throw failed(e);
      }
    }

    @Override
    ByteBuffer map(FileChannel channel, long size) throws IOException {
      return channel.map(MapMode.READ_ONLY, 0, size);
    }

    @Override
    void unmap(ByteBuffer view) {
      try {
        INVOKE_CLEANER.invoke(UNSAFE, view);
      } catch (ReflectiveOperationException e) {
        throw failed(e);
      }
    }
  }

  /** Since Java 22: an arena for each mapping. The cleaner still works there, but warns. */
  private static final class Arenas extends Mappings {

    private static final Method OF_SHARED;
    private static final Method CLOSE;
    private static final Method MAP;
    private static final Method AS_BYTE_BUFFER;

    static {
      try {
        Class<?> arena = Class.forName("java.lang.foreign.Arena");
        OF_SHARED = arena.getMethod("ofShared");
        CLOSE = arena.getMethod("close");
        MAP = FileChannel.class.getMethod("map", MapMode.class, long.class, long.class, arena);
        AS_BYTE_BUFFER = Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer");
      } catch (ReflectiveOperationException e) {
        throw failed(e);
      }
    }

    private final IdentityHashMap<ByteBuffer, Object> arenas = new IdentityHashMap<>();

    @Override
    synchronized ByteBuffer map(FileChannel channel, long size) throws IOException {
      Object arena = call(OF_SHARED, arenas);
      Object segment = call(MAP, channel, MapMode.READ_ONLY, 0L, size, arena);
      ByteBuffer view = (ByteBuffer) call(AS_BYTE_BUFFER, segment);
      arenas.put(view, arena);
      return view;
    }

    @Override
    synchronized void unmap(ByteBuffer view) {
      Object arena = arenas.remove(view);
      if (arena != null) {
        try {
          CLOSE.invoke(arena);
        } catch (ReflectiveOperationException e) {
          throw failed(e);
        }
      }
    }
  }
}
