package io.escrowmq.store.queue;

import io.escrowmq.store.Image;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What the consume queues looked like: where their chunks lie, and the entries that were in memory.
 * Immutable.
 *
 * <pre>
 *  int64 forgotten before   int64 end of the chunk files
 *  int32 chunk files, for each: int32 number, int64 highest position
 *  int32 queues, then for each of them
 *    UTF   topic, empty: as before it     int32 queue id      int64 tail
 *    int64 minimum worked out for         int64 minimum offset
 *    int32 chunks, for each: int64 first offset, int64 address, int64 highest position
 *    int64 first offset in memory, then the entries up to the tail
 * </pre>
 */
final class QueuesImage implements Image {

  private static final int FEWEST_NUMBERS = 1 << 12;

  private final Roll roll;
  private final long forgottenBefore;
  private final long end;
  private final List<Extents.Extent> extents;
  private final BlockFiles files;

  QueuesImage(Roll roll, long forgottenBefore, BlockFiles files) {
    this.roll = roll;
    this.forgottenBefore = forgottenBefore;
    this.end = files.end();
    this.extents = files.extents();
    this.files = files;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    // before the first address is written: an image never names what a crash can take
    files.sync();
    out.writeLong(forgottenBefore);
    out.writeLong(end);
    Extents.write(extents, out);
    out.writeInt(roll.size());
    String topic = "";
    for (int i = 0; i < roll.size(); i++) {
      ConsumeQueue queue = roll.queue(i);
      out.writeUTF(queue.topic().equals(topic) ? "" : queue.topic());
      topic = queue.topic();
      writeQueue(out, queue, roll.tail(i), roll.shape(i));
    }
  }

  private static void writeQueue(DataOutput out, ConsumeQueue queue, long tail, Shape shape)
      throws IOException {
    out.writeInt(queue.queueId());
    out.writeLong(tail);
    // only ever behind: the minimum is worked out again when more was forgotten
    ConsumeQueue.Remainder remainder = queue.remainder();
    out.writeLong(remainder.forgottenBefore());
    out.writeLong(Math.min(remainder.minOffset(), tail));
    ChunkDirectory chunks = shape.chunks;
    out.writeInt(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      out.writeLong(chunks.firstOffset(i));
      out.writeLong(chunks.address(i));
      out.writeLong(chunks.highestPosition(i));
    }
    out.writeLong(shape.tailFirst);
    int words = (int) (tail - shape.tailFirst) * Entry.WORDS;
    for (int i = 0; i < words; i++) {
      out.writeLong(shape.tail[i]);
    }
  }

  static void read(DataInput in, ConsumeQueues into, BlockFiles files) throws IOException {
    into.restoredForgotten(in.readLong());
    long end = in.readLong();
    List<Extents.Extent> extents = Extents.read(in);
    Extents.NamedBytes named = new Extents.NamedBytes();
    int queues = in.readInt();
    String topic = "";
    for (int i = 0; i < queues; i++) {
      String next = in.readUTF();
      topic = next.isEmpty() ? topic : next;
      readQueue(in, topic, into, named);
    }
    files.resume(named, extents, end, into.forgottenBefore());
  }

  private static void readQueue(
      DataInput in, String topic, ConsumeQueues into, Extents.NamedBytes named) throws IOException {
    int queueId = in.readInt();
    long tail = in.readLong();
    long minOffsetFor = in.readLong();
    long minOffset = in.readLong();
    int count = in.readInt();
    long[] directory = longs(in, count * 3L);
    long tailFirst = in.readLong();
    ChunkDirectory chunks = ChunkDirectory.EMPTY;
    for (int i = 0; i < count; i++) {
      long first = directory[i * 3];
      long next = i + 1 < count ? directory[i * 3 + 3] : tailFirst;
      chunks = chunks.plus(first, directory[i * 3 + 1], directory[i * 3 + 2]);
      named.add(directory[i * 3 + 1], Chunks.bytes((int) (next - first)));
    }
    long[] words = longs(in, (tail - tailFirst) * Entry.WORDS);
    into.restored(
        topic, queueId, new Shape(chunks, tailFirst, words), tail, minOffsetFor, minOffset);
  }

  /** So many numbers; memory is taken for those that are there, not for what is claimed. */
  private static long[] longs(DataInput in, long claimed) throws IOException {
    if (claimed < 0 || claimed > Integer.MAX_VALUE) {
      throw new IOException("the image of the queues claims to have " + claimed + " numbers");
    }
    int count = (int) claimed;
    long[] numbers = new long[Math.min(count, FEWEST_NUMBERS)];
    for (int i = 0; i < count; i++) {
      if (i == numbers.length) {
        numbers = Arrays.copyOf(numbers, (int) Math.min(count, 2L * i));
      }
      numbers[i] = in.readLong();
    }
    return numbers;
  }
}
