package io.escrowmq.client.pull;

import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.body.ConsumerState.QueueState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was pulled from one queue and is not done, in the queue's order, and the room that it takes. Not
 * safe for threads: its queue guards it.
 *
 * @param <E> a message and what its queue knows of it
 */
public final class Backlog<E> {

  private final ConsumerLimits limits;
  private final ByteBudget budget;
  private final Timer timer;
  private final Function<E, StoredDelivery> delivery;
  private final ArrayDeque<E> entries = new ArrayDeque<>();
  private long bytes;
  private long next = -1; // the offset behind all that was pulled
  private int generation; // what was pulled in an earlier one does not count any more
  private long movedMillis; // when the last one was done, or the first came; 0 for never
  private boolean active;
  private boolean stalled; // the puller was told that there is no room

  public Backlog(
      ConsumerLimits limits, ByteBudget budget, Timer timer, Function<E, StoredDelivery> delivery) {
    this.limits = limits;
    this.budget = budget;
    this.timer = timer;
    this.delivery = delivery;
  }

  public void begin(long offset) {
    next = offset;
    active = true;
  }

  /** Takes nothing more. */
  public void end() {
    active = false;
  }

  public boolean isActive() {
    return active;
  }

  public int generation() {
    return generation;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Nullable
  public E first() {
    return entries.peek();
  }

  /** The offset of the first message that is not done. */
  public long done() {
    E first = entries.peek();
    return first == null ? next : delivery.apply(first).queueOffset();
  }

  public QueueState running(boolean locked, long pulledMillis) {
    E last = entries.peekLast();
    return new QueueState(
        done(),
        entries.size(),
        bytes,
        last == null ? 0 : done(),
        last == null ? 0 : delivery.apply(last).queueOffset(),
        locked,
        pulledMillis,
        movedMillis);
  }

  /** Whether more may be pulled; remembers when not. */
  public boolean hasRoom() {
    boolean is =
        entries.size() < limits.queueMessages() && bytes < limits.queueBytes() && budget.hasRoom();
    stalled = !is;
    return is;
  }

  /** Whether the puller waits for budget. */
  public boolean isStalled() {
    return stalled;
  }

  public void add(List<E> pulled, long nextOffset) {
    if (entries.isEmpty() && !pulled.isEmpty()) {
      movedMillis = timer.millis();
    }
    for (E entry : pulled) {
      int size = delivery.apply(entry).bytes();
      bytes += size;
      budget.take(size);
    }
    entries.addAll(pulled);
    next = nextOffset;
  }

  /**
   * The first is done.
   *
   * @return whether that made room for all queues
   */
  public boolean removeFirst() {
    int size = delivery.apply(entries.remove()).bytes();
    bytes -= size;
    movedMillis = timer.millis();
    return budget.giveBack(size);
  }

  /** The first, as it is to be handled again. */
  public void replaceFirst(E again) {
    entries.remove();
    entries.addFirst(again);
  }

  public void forget() {
    generation++;
    budget.giveBack(bytes);
    bytes = 0;
    entries.clear();
  }

  /** All that was pulled is forgotten; it goes on here. */
  public void move(long nextOffset) {
    forget();
    next = nextOffset;
  }
}
