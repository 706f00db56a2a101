package io.escrowmq.namesrv.kv;

import org.jspecify.annotations.Nullable;

/**
 * The door to where the configuration survives.
 *
 * <p>The caller is one thread at a time. The implementation must replace all or nothing: after a
 * crash at any moment {@link #read} gives what was there before or what was to replace it, and once
 * {@link #replace} has returned, the latter.
 */
public interface KvFile extends AutoCloseable {

  /** What was written last, or null when nothing ever was. Fails with {@link KvFileException}. */
  byte @Nullable [] read();

  /** Fails with {@link KvFileException}; old or new content stands then, and both are whole. */
  void replace(byte[] content);

  @Override
  void close();

  /** Remembers nothing, for a name server without a state directory. */
  static KvFile forgetful() {
    return new KvFile() {
      @Override
      public byte @Nullable [] read() {
        return null;
      }

      @Override
      public void replace(byte[] content) {}

      @Override
      public void close() {}
    };
  }
}
