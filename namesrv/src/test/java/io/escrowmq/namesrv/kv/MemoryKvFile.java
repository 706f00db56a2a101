package io.escrowmq.namesrv.kv;

import org.jspecify.annotations.Nullable;

/** A file in memory that outlives its configuration and can be told to fail. */
final class MemoryKvFile implements KvFile {

  byte @Nullable [] content;
  boolean isFull;
  int replaced;

  @Override
  public byte @Nullable [] read() {
    return content;
  }

  @Override
  public void replace(byte[] next) {
    if (isFull) {
      throw new KvFileException("no space left", null);
    }
    content = next;
    replaced++;
  }

  @Override
  public void close() {}
}
