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

  /** A million may be due after a start, and producers wait meanwhile. */
  private static final int MOVES_AT_ONCE = 10_000;

  private final int movesAtOnce;
  private final @Nullable EscrowList[] lists = new EscrowList[LEVELS * SLOTS];
  private final long[] occupied = new long[LEVELS]; // a bit for each slot that may hold something
  private @Nullable EscrowList draining; // a slot that has begun, and is not empty yet
  private int drainingLevel;
  private long now; // all that was due until then has been handed out

  TimerWheel() {
    this(MOVES_AT_ONCE);
  }

  /** @param movesAtOnce so many come nearer to their time, or are handed out, in one call */
  TimerWheel(int movesAtOnce) {
    this.movesAtOnce = movesAtOnce;
  }

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
    if (isDraining()) {
      return now;
    }
    int level = lowest();
    return level < 0 ? Long.MAX_VALUE : begin(level, Long.numberOfTrailingZeros(occupied[level]));
  }

  /**
   * Hands out what is due at this time, earliest first; after so many moves the rest is left to the next
   * call, for which {@link #nextTick} is not later than this time.
   */
  void advance(long tick, Consumer<Escrow> isDue) {
    int left = movesAtOnce;
    while (left > 0 && nextTick() <= tick) {
      if (!isDraining()) {
        drainingLevel = lowest();
        int slot = Long.numberOfTrailingZeros(occupied[drainingLevel]);
        now = begin(drainingLevel, slot);
        occupied[drainingLevel] &= ~(1L << slot);
        draining = lists[drainingLevel * SLOTS + slot];
      }
      left = drain(left, isDue);
    }
    if (!isDraining() && nextTick() > tick) {
      now = Math.max(now, tick);
    }
  }

  private boolean isDraining() {
    return draining != null && draining.first() != null;
  }

  private int drain(int moves, Consumer<Escrow> isDue) {
    int left = moves;
    while (left > 0 && draining != null) {
      Escrow escrow = draining.first();
      if (escrow == null) {
        draining = null;
      } else {
        draining.remove(escrow);
        left--;
        if (drainingLevel == 0) {
          isDue.accept(escrow);
        } else {
          add(escrow);
        }
      }
    }
    return left;
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
