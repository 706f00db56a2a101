package io.escrowmq.store.queue;

import io.escrowmq.store.StorageException;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * One queue of one topic: queue offset to position, record length, tag and store time. The log loop
 * appends; any thread reads what is published, without locks.
 *
 * <p>Why that is safe: an entry is written into the tail before {@code published} covers it, and
 * words of a published entry never change. A reader takes {@code published} first and {@code shape}
 * after it, both volatile, so the shape it sees is at least as new as that offset and holds every
 * published entry, in a chunk or in the tail. Arrays are replaced, never used again, when the tail
 * grows or is sealed.
 */
public final class ConsumeQueue {

  /** What retention left, as last worked out: valid for one forgotten position. */
  record Remainder(long forgottenBefore, long minOffset) {
    static final Remainder ALL = new Remainder(0, 0);
  }

  private final ConsumeQueues owner;
  private final String topic;
  private final int queueId;

  // the log loop's
  private int place; // in the owner's roll
  private long tail;
  private long drained; // the tail that the last drain saw

  private volatile Shape shape = Shape.EMPTY;
  private volatile long published;
  private volatile Remainder remainder = Remainder.ALL;

  ConsumeQueue(ConsumeQueues owner, String topic, int queueId, int place) {
    this.owner = owner;
    this.topic = topic;
    this.queueId = queueId;
    this.place = place;
  }

  public String topic() {
    return topic;
  }

  public int queueId() {
    return queueId;
  }

  // The log loop

  /** The offset that the next entry gets. The log loop only. */
  public long tail() {
    return tail;
  }

  /**
   * Where the message at an offset below {@link #tail} lies, seen or not; -1 when there is none any
   * more. The log loop only.
   */
  public long positionAt(long offset) {
    long position = word(shape, offset, Entry.POSITION);
    return Entry.hasMessage(position) ? position : -1;
  }

  /** Adds the entry at {@link #tail}; seen when it is published. The log loop only. */
  public void append(long position, int recordLength, int tagCode, long storeTimeMillis) {
    int at = nextPlace();
    long[] words = shape.tail;
    words[at + Entry.POSITION] = position;
    words[at + Entry.TIME] = storeTimeMillis;
    words[at + Entry.LENGTH_AND_TAG] = Entry.lengthAndTag(recordLength, tagCode);
    appended();
  }

  /** Adds an entry without a message at {@link #tail}: that one is lost. The log loop only. */
  void appendLost(long timeMillis) {
    int at = nextPlace();
    Entry.putLost(shape.tail, at, timeMillis);
    appended();
  }

  /** Takes the message from entries whose record is lost; notes the chunk files that it changes. */
  int lose(LongPredicate isLost, Set<Integer> rewritten) {
    return LostEntries.lose(owner, shape, tail, isLost, rewritten);
  }

  private int nextPlace() {
    Shape now = shape;
    int index = (int) (tail - now.tailFirst);
    if (index * Entry.WORDS == now.tail.length) {
      reshape(QueueTail.grown(now, index, owner.sealing().chunkEntries()));
    }
    return index * Entry.WORDS;
  }

  private void appended() {
    boolean isFirst = tail == drained;
    tail++;
    owner.appended(this, place, tail, isFirst);
  }

  /** The entries that came since the last drain are handed over. The log loop only. */
  void drain() {
    drained = tail;
  }

  /** Seals what is long enough of the tail. The log loop only, at the end of a turn. */
  void seal() {
    reshape(QueueTail.sealed(owner.sealing(), shape, (int) (tail - shape.tailFirst)));
  }

  private void reshape(Shape to) {
    Shape from = shape;
    if (to != from) {
      shape = to;
      owner.reshaped(place, to, (long) (to.tail.length - from.tail.length) * Long.BYTES);
    }
  }

  /** Gives back what the directory keeps of chunks that are gone. The log loop only. */
  void trim(long forgottenBefore) {
    Shape now = shape;
    ChunkDirectory rest = now.chunks.withoutBelow(forgottenBefore);
    if (rest != now.chunks) {
      reshape(new Shape(rest, now.tailFirst, now.tail));
    }
  }

  void moveTo(int newPlace) {
    place = newPlace;
  }

  int place() {
    return place;
  }

  /** Becomes what an image says; all of it is published. Before anybody reads. */
  void restore(Shape restored, long restoredTail, long forgottenBefore, long minOffset) {
    shape = restored;
    tail = restoredTail;
    drained = restoredTail;
    remainder = new Remainder(forgottenBefore, minOffset);
    published = restoredTail;
  }

  /**
   * Makes all offsets below this one visible. One thread at a time, in the order of the drains; what
   * hands the tail from the log loop to that thread must be a happens-before edge.
   */
  public void publish(long upTo) {
    published = upTo;
  }

  // Any thread

  /**
   * The first offset whose record retention has left. Offsets after it may be gone all the same: a
   * message that was long in escrow lies at an older position than its neighbours.
   */
  public long minOffset() {
    Remainder known = remainder;
    return known.forgottenBefore == owner.forgottenBefore()
        ? known.minOffset
        : workOutRemainder(known).minOffset;
  }

  /** One more than the last offset that may be seen. */
  public long maxOffset() {
    return published;
  }

  /**
   * Looks at what retention has left, from the sealed chunk with this offset on: chunks that are damaged,
   * or that the disk does not give, are noted, entries without a message are told.
   *
   * @param most so many chunks at most
   * @return the offset to go on at; -1 when there is no chunk any more
   */
  public long checkChunks(long fromOffset, int most, LostSink lost) {
    long end = published;
    Shape now = shape;
    int chunk = now.chunks.size() == 0 ? 0 : now.chunks.indexOf(fromOffset);
    for (int looked = 0; chunk < now.chunks.size(); chunk++) {
      if (looked == most) {
        return now.chunks.firstOffset(chunk);
      }
      if (now.chunks.highestPosition(chunk) >= owner.forgottenBefore()) {
        check(now, chunk, lost);
        looked++;
      } else if (now.chunks.isLost(chunk) && now.chunks.firstOffset(chunk) >= remainder.minOffset) {
        lost.lost(now.chunks.firstOffset(chunk), now.chunkEnd(chunk) - 1);
      }
    }
    LostEntries.tell(now.tail, now.tailFirst, remainder.minOffset, end, lost);
    return -1;
  }

  private void check(Shape now, int chunk, LostSink lost) {
    long first = now.chunks.firstOffset(chunk);
    long address = now.chunks.address(chunk);
    int count = (int) (now.chunkEnd(chunk) - first);
    try {
      long[] words = owner.checkChunk(address, first, count);
      if (words != null) {
        LostEntries.tell(words, first, remainder.minOffset, first + count, lost);
      }
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CORRUPT) {
        owner.damage().note(this, damaged(now, chunk), e);
      } else {
        owner.unreadChunks().note(this, damaged(now, chunk), e);
      }
    }
  }

  Remainder remainder() {
    return remainder;
  }

  /**
   * Fills the buffer with published entries from an offset on, as many as fit; answers how many. None
   * when the offset lies below {@link #minOffset} or not below {@link #maxOffset}.
   */
  public int read(long fromOffset, QueueEntries into) {
    into.clear(fromOffset);
    long end = Math.min(published, fromOffset + into.capacity());
    if (fromOffset >= end || fromOffset < minOffset()) {
      return 0;
    }
    Shape now = shape;
    long offset = fromOffset;
    while (offset < end && offset < now.tailFirst) {
      int chunk = now.chunks.indexOf(offset);
      long first = now.chunks.firstOffset(chunk);
      if (offset < first) {
        return 0; // forgotten since minOffset() was asked
      }
      long to = Math.min(end, now.chunkEnd(chunk));
      into.add(words(now, chunk), (int) (offset - first), (int) (to - offset));
      offset = to;
    }
    if (offset < end) {
      into.add(now.tail, (int) (offset - now.tailFirst), (int) (end - offset));
    }
    return into.count();
  }

  /** When the entry at this offset was stored; -1 when there is none. */
  public long timeOf(long offset) {
    if (offset < minOffset() || offset >= published) {
      return -1;
    }
    return word(shape, offset, Entry.TIME);
  }

  /**
   * The smallest offset stored at this time or later; {@link #maxOffset} when all are older. Store
   * times are taken to ascend; where a clock was set back the answer is near.
   */
  public long offsetAtOrAfter(long timeMillis) {
    return firstOffsetFrom(timeMillis, minOffset(), published);
  }

  /**
   * The largest offset stored at this time or earlier; 0 when all are younger, or the queue is empty.
   */
  public long offsetAtOrBefore(long timeMillis) {
    long max = published;
    long min = minOffset();
    long after = timeMillis == Long.MAX_VALUE ? max : firstOffsetFrom(timeMillis + 1, min, max);
    return after == min && min < max ? 0 : Math.max(0, after - 1);
  }

  private long firstOffsetFrom(long timeMillis, long min, long max) {
    Shape now = shape;
    long low = min;
    long high = max;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (word(now, middle, Entry.TIME) >= timeMillis) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Remainder workOutRemainder(Remainder known) {
    while (true) {
      long forgotten = owner.forgottenBefore();
      long max = published;
      long min = firstKept(shape, Math.min(known.minOffset, max), max, forgotten);
      Remainder worked = new Remainder(forgotten, min);
      remainder = worked;
      if (owner.forgottenBefore() == forgotten) {
        return worked;
      }
    }
  }

  private long firstKept(Shape now, long from, long max, long forgotten) {
    for (int chunk = 0; chunk < now.chunks.size(); chunk++) {
      if (now.chunks.highestPosition(chunk) >= forgotten && now.chunkEnd(chunk) > from) {
        long first = now.chunks.firstOffset(chunk);
        long kept = firstKept(words(now, chunk), first, from, now.chunkEnd(chunk), forgotten);
        if (kept >= 0) {
          return Math.min(kept, max);
        }
      }
    }
    long kept = firstKept(now.tail, now.tailFirst, from, max, forgotten);
    return kept >= 0 ? kept : max;
  }

  private static long firstKept(long[] words, long first, long from, long to, long forgotten) {
    for (long offset = Math.max(first, from); offset < to; offset++) {
      if (words[(int) (offset - first) * Entry.WORDS + Entry.POSITION] >= forgotten) {
        return offset;
      }
    }
    return -1;
  }

  private long word(Shape now, long offset, int which) {
    if (offset >= now.tailFirst) {
      return now.tail[(int) (offset - now.tailFirst) * Entry.WORDS + which];
    }
    int chunk = now.chunks.indexOf(offset);
    long first = now.chunks.firstOffset(chunk);
    // trimmed since the caller asked for the minimum: older than anything that is left
    return offset < first ? 0 : words(now, chunk)[(int) (offset - first) * Entry.WORDS + which];
  }

  private long[] words(Shape now, int chunk) {
    long first = now.chunks.firstOffset(chunk);
    int count = (int) (now.chunkEnd(chunk) - first);
    long address = now.chunks.address(chunk);
    try {
      return owner.chunk(address, first, count);
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.CORRUPT) {
        owner.unreadChunks().note(this, damaged(now, chunk), e);
        throw e; // asked later, the answer may be another one
      }
      throw owner.damage().refused(this, damaged(now, chunk), e);
    }
  }

  // A message becomes visible in the order of offsets, and never before it is in the log.
  private DamagedChunk damaged(Shape now, int chunk) {
    long first = now.chunks.firstOffset(chunk);
    return new DamagedChunk(
        topic,
        queueId,
        first,
        (int) (now.chunkEnd(chunk) - first),
        now.chunks.address(chunk),
        chunk == 0 ? 0 : now.chunks.highestPosition(chunk - 1),
        now.chunks.highestPosition(chunk));
  }

  @Override
  public String toString() {
    return topic + "/" + queueId;
  }
}
