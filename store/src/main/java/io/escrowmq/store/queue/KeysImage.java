package io.escrowmq.store.queue;

import io.escrowmq.store.Image;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the key index looked like: where its sealed runs lie, and the entries that were in memory.
 * Immutable.
 *
 * <pre>
 *  int64 end of the run files
 *  int32 run files, for each: int32 number, int64 highest position
 *  int32 sealed runs, oldest first, for each:
 *    int64 address, int32 entries, int64 earliest ms, int64 latest ms, int64 highest position
 *  int32 entries in memory, oldest first, for each: int64 hash, int64 position, int64 time ms
 * </pre>
 */
final class KeysImage implements Image {

  private final KeyIndex.Runs runs;
  private final int inCurrent;
  private final long end;
  private final List<Extents.Extent> extents;
  private final BlockFiles files;

  KeysImage(KeyIndex.Runs runs, int inCurrent, BlockFiles files) {
    this.runs = runs;
    this.inCurrent = inCurrent;
    // taken after the runs, so that they cover all that are named
    this.extents = files.extents();
    this.end = files.end();
    this.files = files;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    files.sync();
    out.writeLong(end);
    Extents.write(extents, out);
    out.writeInt(runs.sealed().length);
    for (SortedRun run : runs.sealed()) {
      out.writeLong(run.address());
      out.writeInt(run.entries());
      out.writeLong(run.earliestMillis());
      out.writeLong(run.latestMillis());
      out.writeLong(run.highestPosition());
    }
    int inMemory = inCurrent;
    for (MemoryRun full : runs.full()) {
      inMemory += full.count();
    }
    out.writeInt(inMemory);
    for (MemoryRun full : runs.full()) {
      writeEntries(out, full, full.count());
    }
    writeEntries(out, runs.current(), inCurrent);
  }

  private static void writeEntries(DataOutput out, MemoryRun run, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      out.writeLong(run.hash(i));
      out.writeLong(run.position(i));
      out.writeLong(run.timeMillis(i));
    }
  }

  static void read(DataInput in, KeyIndex into, BlockFiles files, long forgottenBefore)
      throws IOException {
    long end = in.readLong();
    List<Extents.Extent> extents = Extents.read(in);
    Extents.NamedBytes named = new Extents.NamedBytes();
    List<SortedRun> sealed = new ArrayList<>();
    int runs = in.readInt();
    for (int i = 0; i < runs; i++) {
      SortedRun run =
          new SortedRun(in.readLong(), in.readInt(), in.readLong(), in.readLong(), in.readLong());
      if (run.highestPosition() >= forgottenBefore) {
        named.add(run.address(), RunPages.bytes(run.entries()));
        sealed.add(run);
      }
    }
    files.resume(named, extents, end, forgottenBefore);
    into.restoreSealed(sealed.toArray(new SortedRun[0]));
    int inMemory = in.readInt();
    for (int i = 0; i < inMemory; i++) {
      into.add(in.readLong(), in.readLong(), in.readLong());
    }
  }
}
