package io.escrowmq.broker.core;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a broker keeps because somebody asked for it, of all kinds together: topics, groups, offsets,
 * clients, half-messages, delayed messages. Each kind has a bound of its own, and the bounds add up to
 * more than the heap, so that a broker may be used for much of either; this one holds for their sum. Any
 * thread.
 *
 * <p>A little of each kind is always taken, whatever the others take: who fills the heap with delayed
 * messages must not keep consumers from coming, or offsets from being committed.
 */
public final class HeapBudget implements AutoCloseable {

  private static final int PART_OF_HEAP = 2; // the rest: what passes through, and room to collect
  private static final int PART_OF_EACH = 32; // that no other kind takes away

  private final long heapBytes;
  private final @Nullable HeapBudget whole; // of which this one is a part
  private final LongSupplier own = this::ownUsed;
  private volatile LongSupplier[] kinds = {}; // gone through for each half-message

  private HeapBudget(long heapBytes, @Nullable HeapBudget whole) {
    this.heapBytes = heapBytes;
    this.whole = whole;
  }

  /** Without a bound. */
  public static HeapBudget unbounded() {
    return new HeapBudget(Long.MAX_VALUE, null);
  }

  /** Half of so many bytes. */
  public static HeapBudget of(long heapBytes) {
    return new HeapBudget(heapBytes, null);
  }

  /** The heap that it is about; what is kept takes half of it. */
  public long bytes() {
    return heapBytes;
  }

  /** The same budget for kinds that all go at once: when what is returned is closed. */
  public HeapBudget scope() {
    HeapBudget part = new HeapBudget(heapBytes, this);
    add(part.own);
    return part;
  }

  /** What its kinds keep does not count any more. */
  @Override
  public void close() {
    if (whole != null) {
      whole.remove(own);
    }
  }

  /** A kind that may take this part of the heap, as long as all together leave it. */
  public MemoryShare share(String what, int part) {
    return new MemoryShare(what, heapBytes / part, this);
  }

  /**
   * A kind that knows its bound itself.
   *
   * @param kept how many bytes it takes; any thread asks
   */
  public Kind kind(LongSupplier kept) {
    add(kept);
    return new Kind(kept);
  }

  private synchronized void add(LongSupplier kept) {
    LongSupplier[] more = Arrays.copyOf(kinds, kinds.length + 1);
    more[kinds.length] = kept;
    kinds = more;
  }

  private synchronized void remove(LongSupplier kept) {
    kinds = Arrays.stream(kinds).filter(kind -> kind != kept).toArray(LongSupplier[]::new);
  }

  private long used() {
    return whole == null ? ownUsed() : whole.used();
  }

  private long ownUsed() {
    long used = 0;
    for (LongSupplier kind : kinds) {
      used += kind.getAsLong();
    }
    return used;
  }

  private long most() {
    return heapBytes / PART_OF_HEAP;
  }

  /** What is kept of one kind. */
  public final class Kind {

    private final LongSupplier kept;

    private Kind(LongSupplier kept) {
      this.kept = kept;
    }

    /** Whether so much more of it may be kept. */
    public boolean hasRoom(long more) {
      return used() + more <= most() || kept.getAsLong() + more <= heapBytes / PART_OF_EACH;
    }

    /** Why so much more is not kept; for answers. */
    public String refusal(long more) {
      return "topics, groups, offsets, clients, half-messages and delayed messages take about "
          + used() + " bytes of memory together, and " + more
          + " more are too many: they may take " + most()
          + ", half of the broker's heap; delete what nobody needs, or give the broker more memory";
    }
  }
}
