package io.escrowmq.tx;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transactions by the tick at which they are due, exact to the millisecond. Owner: the coordinator.
 *
 * <p>Seven levels of 64 slots. A slot of level 0 is a millisecond, one of each further level all 64
 * slots of the level below. A transaction lies at the level of the highest six bits in which its
 * time differs from now, and moves down when its slot begins: six moves at most in its life, however
 * far its time lies ahead. Adding and removing cost the same however many there are.
 */
final class TimerWheel {

  private static final int BITS = 6;
  private static final int SLOTS = 1 << BITS;
  private static final int LEVELS = 7;
  private static final long FURTHEST =
      (1L << (BITS * LEVELS)) - 1; // the year 2109, as good as never

  private final @Nullable EscrowList[] lists = new EscrowList[LEVELS * SLOTS];
  private final long[] occupied = new long[LEVELS]; // a bit for each slot that may hold something
  private long now; // all that was due until then has been handed out

  /** Adds one by its time; it must be in no list. */
  void add(Escrow escrow) {
    long due = Math.min(Math.max(escrow.dueTick, now), FURTHEST);
    int level = level(due);
    int slot = slot(due, level);
    int index = level * SLOTS + slot;
    EscrowList list = lists[index];
    if (list == null) {
      list = new EscrowList();
      lists[index] = list;
    }
    list.add(escrow);
    occupied[level] |= 1L << slot;
  }

  /**
   * When to look again: something is due then, or has to be looked at. {@code Long.MAX_VALUE} when
   * there is nothing.
   */
  long nextTick() {
    int level = lowest();
    return level < 0 ? Long.MAX_VALUE : begin(level, Long.numberOfTrailingZeros(occupied[level]));
  }

  /** Hands out all that is due at this time, earliest first. */
  void advance(long tick, Consumer<Escrow> isDue) {
    while (nextTick() <= tick) {
      int level = lowest();
      int slot = Long.numberOfTrailingZeros(occupied[level]);
      now = begin(level, slot);
      occupied[level] &= ~(1L << slot);
      empty(lists[level * SLOTS + slot], level, isDue);
    }
    now = Math.max(now, tick);
  }

  private void empty(@Nullable EscrowList list, int level, Consumer<Escrow> isDue) {
    if (list == null) {
      return;
    }
    for (Escrow escrow = list.first(); escrow != null; escrow = list.first()) {
      list.remove(escrow);
      if (level == 0) {
        isDue.accept(escrow);
      } else {
        add(escrow);
      }
    }
  }

  // The lower levels' slots all begin before those of the higher ones.
  private int lowest() {
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        return level;
      }
    }
    return -1;
  }

  private int level(long due) {
    long differs = (due ^ now) | (SLOTS - 1);
    return (Long.SIZE - 1 - Long.numberOfLeadingZeros(differs)) / BITS;
  }

  private static int slot(long due, int level) {
    return (int) (due >>> (BITS * level)) & (SLOTS - 1);
  }

  private long begin(int level, int slot) {
    int above = BITS * (level + 1);
    return ((now >>> above) << above) | ((long) slot << (BITS * level));
  }
}
