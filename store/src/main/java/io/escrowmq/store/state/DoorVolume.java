package io.escrowmq.store.state;

import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.StoreFile;
import java.io.File;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/**
 * Lets MapDB reach the disk through our door, so that tests can tear what it writes. Small accesses
 * go straight to the file: a table is written front to back and read once. Owner: one thread.
 */
final class DoorVolume extends Volume {

  private static final int ZEROS = 1 << 16;

  private final StoreFile file;
  private final boolean readOnly;
  private final ByteBuffer word = ByteBuffer.allocate(Long.BYTES);
  private long length;
  private @Nullable StorageException failure; // the last one of a read

  /**
   * @param length how much of the file belongs to MapDB
   */
  DoorVolume(StoreFile file, long length, boolean readOnly) {
    this.file = file;
    this.length = length;
    this.readOnly = readOnly;
  }

  @Override
  public void ensureAvailable(long offset) {
    length = Math.max(length, offset);
  }

  @Override
  public void truncate(long size) {
    file.truncate(size);
    length = size;
  }

  @Override
  public void putLong(long offset, long value) {
    write(offset, word.clear().putLong(value).flip());
  }

  @Override
  public void putInt(long offset, int value) {
    write(offset, word.clear().putInt(value).flip());
  }

  @Override
  public void putByte(long offset, byte value) {
    write(offset, word.clear().put(value).flip());
  }

  @Override
  public void putData(long offset, byte[] source, int from, int size) {
    write(offset, ByteBuffer.wrap(source, from, size));
  }

  @Override
  public void putData(long offset, ByteBuffer source) {
    write(offset, source.duplicate());
  }

  @Override
  public void clear(long from, long to) {
    for (long at = from; at < to; at += ZEROS) {
      write(at, ByteBuffer.allocate((int) Math.min(ZEROS, to - at)));
    }
  }

  private void write(long offset, ByteBuffer bytes) {
    length = Math.max(length, offset + bytes.remaining());
    file.write(bytes, offset);
  }

  @Override
  public long getLong(long offset) {
    return read(offset, word.clear()).getLong(0);
  }

  @Override
  public int getInt(long offset) {
    return read(offset, word.clear().limit(Integer.BYTES)).getInt(0);
  }

  @Override
  public byte getByte(long offset) {
    return read(offset, word.clear().limit(1)).get(0);
  }

  @Override
  public DataInput2 getDataInput(long offset, int size) {
    return new DataInput2.ByteArray(read(offset, ByteBuffer.allocate(size)).array());
  }

  @Override
  public void getData(long offset, byte[] target, int from, int size) {
    read(offset, ByteBuffer.wrap(target, from, size));
  }

  private ByteBuffer read(long offset, ByteBuffer into) {
    int wanted = into.remaining();
    if (offset + wanted > length || fill(into, offset) < wanted) {
      throw new StorageException(
          Reason.CORRUPT, "the state file ends before byte " + (offset + wanted));
    }
    return into;
  }

  private int fill(ByteBuffer into, long offset) {
    try {
      return file.read(into, offset);
    } catch (StorageException e) {
      failure = e;
      throw e;
    }
  }

  /** What the disk said instead of giving the file's bytes; null while it gave them. */
  @Nullable
  StorageException failure() {
    return failure;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  // the file is synced, closed and named by its owner

  @Override
  public void sync() {}

  @Override
  public void close() {
    closed.set(true);
  }

  @Override
  public int sliceSize() {
    return -1;
  }

  @Override
  public boolean isSliced() {
    return false;
  }

  @Override
  public @Nullable File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return false;
  }
}
