package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;

/**
 * What is in one simulated file: as programs see it, as it is on disk, and the changes between the
 * two. Owner: the simulated file system, under its lock.
 */
final class SimulatedFile {

  /** The unit of allocation. */
  static final int BLOCK = 4096;

  /** The unit that a disk writes whole, mostly. */
  private static final int SECTOR = 512;

  private final Content now = new Content();
  private final Content durable = new Content();
  private final List<Change> unsynced = new ArrayList<>();

  /** Changes that a failed sync gave up: visible until a crash, and saved by no later sync. */
  private final List<Change> forgotten = new ArrayList<>();

  /** What later syncs saved: on disk, whatever became of the forgotten changes before. */
  private final List<Change> syncedLater = new ArrayList<>();

  /** Each view has its own copy, kept up to date, and scribbled over when it is unmapped. */
  private final IdentityHashMap<ByteBuffer, byte[]> views = new IdentityHashMap<>();

  private Change withheld = new Change(0, new byte[0]);

  void write(long offset, byte[] data, int length) {
    if (length > 0) {
      change(new Change(offset, Arrays.copyOf(data, length)));
    }
  }

  void truncate(long size) {
    change(new Change(size, null));
  }

  private void change(Change change) {
    change.applyTo(now);
    unsynced.add(change);
    views.values().forEach(change::applyToView);
  }

  int read(ByteBuffer target, long offset) {
    int count = (int) Math.max(0, Math.min(target.remaining(), now.size - offset));
    now.read(target, offset, count);
    return count;
  }

  void sync() {
    unsynced.forEach(change -> change.applyTo(durable));
    if (!forgotten.isEmpty()) {
      syncedLater.addAll(unsynced);
    }
    unsynced.clear();
  }

  void forgetUnsynced() {
    forgotten.addAll(unsynced);
    unsynced.clear();
  }

  long size() {
    return now.size;
  }

  boolean hasBlock(long offset) {
    return now.has(offset);
  }

  long blockBytes() {
    return now.blockBytes();
  }

  ByteBuffer map(int size) {
    byte[] copy = new byte[size];
    now.copyTo(copy);
    withheld.applyToView(copy);
    ByteBuffer view = ByteBuffer.wrap(copy).asReadOnlyBuffer();
    views.put(view, copy);
    return view;
  }

  /** False when it is not, or no more, a view of this file. */
  boolean unmap(ByteBuffer view) {
    byte[] copy = views.remove(view);
    if (copy != null) {
      Arrays.fill(copy, (byte) 0xDD);
    }
    return copy != null;
  }

  void scribbleOverViews() {
    views.values().forEach(copy -> Arrays.fill(copy, (byte) 0xDD));
    views.clear();
  }

  void flip(long offset, int bit) {
    now.put(offset, (byte) (now.get(offset) ^ (1 << bit)));
    if (offset < durable.size) {
      durable.put(offset, (byte) (durable.get(offset) ^ (1 << bit)));
    }
    byte[] data = {now.get(offset)};
    views.values().forEach(copy -> new Change(offset, data).applyToView(copy));
  }

  void withhold(long offset, int length) {
    withheld = new Change(offset, new byte[length]);
    views.values().forEach(withheld::applyToView);
  }

  boolean withholds(long offset, int length) {
    return offset < withheld.offset + withheld.data.length && withheld.offset < offset + length;
  }

  /** On disk and in memory alike. Views keep what they have: pages that are mapped already. */
  void cut(long size) {
    now.truncate(size);
    durable.truncate(Math.min(size, durable.size));
    unsynced.clear();
  }

  void crash(Random random, SimulatedFileSystem.Luck luck) {
    survive(forgotten, random, luck);
    syncedLater.forEach(change -> change.applyTo(durable));
    survive(unsynced, random, luck);
    unsynced.clear();
    forgotten.clear();
    syncedLater.clear();
    now.become(durable);
  }

  private void survive(List<Change> changes, Random random, SimulatedFileSystem.Luck luck) {
    int beginning = random.nextInt(changes.size() + 1);
    for (int i = 0; i < changes.size(); i++) {
      switch (luck) {
        case NOTHING_IS_KEPT -> {}
        case ALL_IS_KEPT -> changes.get(i).applyTo(durable);
        case A_BEGINNING_IS_KEPT -> {
          if (i < beginning) {
            changes.get(i).applyTo(durable);
          } else if (i == beginning) {
            changes.get(i).tear(random).forEach(piece -> piece.applyTo(durable));
          }
        }
        case ANY_PIECES_ARE_KEPT ->
          changes.get(i).tear(random).forEach(piece -> piece.applyTo(durable));
      }
    }
  }

  /** Bytes written at an offset; or, without bytes, the file's new size. */
  private record Change(long offset, byte[] data) {

    void applyTo(Content content) {
      if (data == null) {
        content.truncate(offset);
      } else {
        content.write(offset, data);
      }
    }

    void applyToView(byte[] copy) {
      if (data == null) {
        if (offset < copy.length) {
          Arrays.fill(copy, (int) offset, copy.length, (byte) 0);
        }
      } else if (offset < copy.length) {
        int length = (int) Math.min(data.length, copy.length - offset);
        System.arraycopy(data, 0, copy, (int) offset, length);
      }
    }

    /** Some of its sectors; now and then only the first half of one. */
    List<Change> tear(Random random) {
      if (data == null) {
        return random.nextBoolean() ? List.of(this) : List.of();
      }
      List<Change> kept = new ArrayList<>();
      long end = offset + data.length;
      for (long at = offset; at < end; ) {
        long sectorEnd = Math.min(end, (at / SECTOR + 1) * SECTOR);
        int from = (int) (at - offset);
        int to = (int) (sectorEnd - offset);
        int fate = random.nextInt(9);
        if (fate == 0) {
          kept.add(new Change(at, Arrays.copyOfRange(data, from, from + (to - from) / 2)));
        } else if (fate < 5) {
          kept.add(new Change(at, Arrays.copyOfRange(data, from, to)));
        }
        at = sectorEnd;
      }
      return kept;
    }
  }

  /** Bytes with holes. */
  private static final class Content {

    private static final byte[] HOLE = new byte[BLOCK];

    private byte[][] blocks = new byte[0][];
    private long size;

    byte get(long offset) {
      return has(offset) ? blocks[(int) (offset / BLOCK)][(int) (offset % BLOCK)] : 0;
    }

    boolean has(long offset) {
      int block = (int) (offset / BLOCK);
      return block < blocks.length && blocks[block] != null;
    }

    void put(long offset, byte value) {
      block(offset)[(int) (offset % BLOCK)] = value;
      size = Math.max(size, offset + 1);
    }

    void write(long offset, byte[] data) {
      for (int done = 0; done < data.length; ) {
        int in = (int) ((offset + done) % BLOCK);
        int length = Math.min(BLOCK - in, data.length - done);
        System.arraycopy(data, done, block(offset + done), in, length);
        done += length;
      }
      size = Math.max(size, offset + data.length);
    }

    private byte[] block(long offset) {
      int block = (int) (offset / BLOCK);
      if (block >= blocks.length) {
        blocks = Arrays.copyOf(blocks, Math.max(block + 1, blocks.length * 2));
      }
      if (blocks[block] == null) {
        blocks[block] = new byte[BLOCK];
      }
      return blocks[block];
    }

    void truncate(long newSize) {
      for (int i = (int) (newSize / BLOCK); i < blocks.length; i++) {
        if (blocks[i] != null && (long) i * BLOCK >= newSize) {
          blocks[i] = null;
        } else if (blocks[i] != null) {
          Arrays.fill(blocks[i], (int) (newSize - (long) i * BLOCK), BLOCK, (byte) 0);
        }
      }
      size = newSize;
    }

    void read(ByteBuffer target, long offset, int count) {
      for (int done = 0; done < count; ) {
        int in = (int) ((offset + done) % BLOCK);
        int length = Math.min(BLOCK - in, count - done);
        byte[] block = has(offset + done) ? blocks[(int) ((offset + done) / BLOCK)] : HOLE;
        target.put(block, in, length);
        done += length;
      }
    }

    void copyTo(byte[] target) {
      for (int i = 0; i < blocks.length && i * BLOCK < target.length; i++) {
        if (blocks[i] != null) {
          int length = Math.min(BLOCK, target.length - i * BLOCK);
          System.arraycopy(blocks[i], 0, target, i * BLOCK, length);
        }
      }
    }

    long blockBytes() {
      return Arrays.stream(blocks).filter(block -> block != null).count() * BLOCK;
    }

    void become(Content other) {
      blocks = new byte[other.blocks.length][];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = other.blocks[i] == null ? null : other.blocks[i].clone();
      }
      size = other.size;
    }
  }
}
