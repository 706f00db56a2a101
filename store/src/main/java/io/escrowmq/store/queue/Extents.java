package io.escrowmq.store.queue;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an image says of the files of blocks, as bytes. */
final class Extents {

  private Extents() {}

  /**
   * A file as an image names it. Those of which the image has no block are among them: the state file
   * before may have some.
   *
   * @param highest the highest log position that a block in it names
   */
  record Extent(int number, long highest) {}

  /** The blocks that an image names, gathered file by file while it is read. */
  static final class NamedBytes {
    private final Map<Integer, Long> bytes = new HashMap<>();

    void add(long address, int length) {
      bytes.merge(BlockFiles.number(address), BlockFiles.place(address) + length, Math::max);
    }

    /** So many of the file's bytes are named. */
    long bytes(int number) {
      return bytes.getOrDefault(number, 0L);
    }
  }

  static void write(List<Extent> extents, DataOutput out) throws IOException {
    out.writeInt(extents.size());
    for (Extent extent : extents) {
      out.writeInt(extent.number);
      out.writeLong(extent.highest);
    }
  }

  static List<Extent> read(DataInput in) throws IOException {
    List<Extent> extents = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      extents.add(new Extent(in.readInt(), in.readLong()));
    }
    return extents;
  }
}
