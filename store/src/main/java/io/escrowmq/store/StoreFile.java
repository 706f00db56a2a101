package io.escrowmq.store;

import java.nio.ByteBuffer;

/** One open file. Positional access only, so that readers and the one writer need no lock. */
public interface StoreFile extends AutoCloseable {

  /** Writes all remaining bytes at the offset, growing the file when needed. */
  void write(ByteBuffer bytes, long offset);

  /** Reads until the buffer is full or the file ends; returns how many bytes were read. */
  int read(ByteBuffer target, long offset);

  /** Makes everything written so far durable. A failure is final: it must not be tried again. */
  void sync();

  long size();

  /** Cuts the file, or grows it with zeros that may take no room on disk. */
  void truncate(long size);

  /** A read-only view of the first {@code size} bytes; sees what is written later. */
  ByteBuffer map(long size);

  /** Ends the use of a view made by {@link #map}: nobody may touch it any more. */
  void unmap(ByteBuffer view);

  @Override
  void close();
}
