package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.refusal.Refusal;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many delayed messages may wait: each takes memory until it is due. Judged when one is sent; what a
 * commit of half-messages brings was admitted with them. Asked on the log's turn.
 *
 * @param waiting how many there are
 * @param most how many there may be
 * @param memory what they may take besides all else that is kept
 */
public record DelayBound(IntSupplier waiting, int most, HeapBudget.Kind memory) {

  private static final int BYTES_OF_ONE = 96; // and twice as many for a moment, while tables grow
  private static final int PART_OF_HEAP = 8;

  public DelayBound(IntSupplier waiting, int most) {
    this(waiting, most, HeapBudget.unbounded().kind(() -> 0));
  }

  /** As many as an eighth of this heap holds, and as all that is kept leaves room for. */
  public static DelayBound forHeap(IntSupplier waiting, long heapBytes, HeapBudget heap) {
    long most = heapBytes / PART_OF_HEAP / BYTES_OF_ONE;
    HeapBudget.Kind memory = heap.kind(() -> (long) waiting.getAsInt() * BYTES_OF_ONE);
    return new DelayBound(waiting, (int) Math.min(most, Integer.MAX_VALUE), memory);
  }

  /** Why so many more are not taken; null when they are. */
  public @Nullable Refusal refusal(int more) {
    long bytes = (long) more * BYTES_OF_ONE;
    if (!memory.hasRoom(bytes)) {
      return new Refusal.MemoryFull(memory.refusal(bytes));
    }
    int held = waiting.getAsInt();
    return (long) held + more <= most ? null : new Refusal.DelaysFull(held, more, most);
  }
}
