package io.escrowmq.namesrv.kv;

import org.jspecify.annotations.Nullable;

/** A file in memory that outlives its configuration and can be told to fail. */
public final class MemoryKvFile implements KvFile {

  public byte @Nullable [] content;
  public boolean isFull;
  public int replaced;

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
