package io.escrowmq.broker.delay;

import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a time: by the time of their next try, equal times by position; by position;
 * and found by position. Two binary heaps of slots and a table of slots: 72 to 80 bytes a message. All
 * grow without moving more than a part of them at a time. Owner: the log loop.
 */
final class DueTimes {

  private static final int FREE = -1; // in place of a slot's place by time

  private static final int DUE = 0;
  private static final int TRY = 1; // the due time, or later after a try in vain
  private static final int POSITION = 2;
  private static final int LENGTH = 3; // free: the next free slot
  private static final int PLACE_BY_TIME = 4;
  private static final int PLACE_BY_POSITION = 5;
  private static final int WORDS = 6;

  private final SlotPages slots = new SlotPages(WORDS);
  private final SlotHeap byTime = new SlotHeap(slots, PLACE_BY_TIME, this::isTriedBefore);
  private final SlotHeap byPosition =
      new SlotHeap(slots, PLACE_BY_POSITION, (slot, other) -> position(slot) < position(other));
  private final SlotTable table = new SlotTable(this::position);
  private int longestEver;
  private int used; // slots from here on were never taken
  private int firstFree = -1; // of the slots that were given back; -1: none
  private @Nullable DueImage taking; // an image that is not whole

  int size() {
    return byTime.size();
  }

  /** The length of the longest record that is, or was, here. */
  int longestEver() {
    return longestEver;
  }

  /** The time of the earliest try. */
  long earliestTry() {
    return slots.get(byTime.first(), TRY);
  }

  /** Where the message lies that is tried first. */
  long earliestPosition() {
    return position(byTime.first());
  }

  /** When the message at a position is due; it waits. */
  long due(long position) {
    return slots.get(table.find(position), DUE);
  }

  /** The length of the record at a position, whose message waits. */
  int length(long position) {
    return length(table.find(position));
  }

  /** Adds a message; answers how many others had to be moved for it, but for its way up the heaps. */
  int add(long due, long position, int length) {
    int slot = takeSlot();
    slots.set(slot, DUE, due);
    slots.set(slot, TRY, due);
    slots.set(slot, POSITION, position);
    setLength(slot, length);
    int moved = table.add(slot);
    byTime.add(slot);
    byPosition.add(slot);
    return moved;
  }

  /** False when no message at this position waits. */
  boolean remove(long position) {
    int slot = table.find(position);
    if (slot < 0) {
      return false;
    }
    changes(slot);
    table.remove(slot);
    byTime.remove(slot);
    byPosition.remove(slot);
    slots.set(slot, PLACE_BY_TIME, FREE);
    slots.set(slot, LENGTH, firstFree);
    firstFree = slot;
    return true;
  }

  /** The message lies elsewhere from now on; false when none at the old position waits. */
  boolean move(long from, long to, int length) {
    int slot = table.find(from);
    if (slot < 0) {
      return false;
    }
    changes(slot);
    table.remove(slot);
    slots.set(slot, POSITION, to);
    setLength(slot, length);
    table.add(slot);
    byTime.hasChanged(slot);
    byPosition.hasChanged(slot);
    return true;
  }

  /** Tries the message again at a later time. Not a fact: a restart tries it when it is due. */
  void postpone(long position, long untilMillis) {
    int slot = table.find(position);
    slots.set(slot, TRY, Math.max(slots.get(slot, TRY), untilMillis));
    byTime.hasChanged(slot);
  }

  /** Told of messages that wait. */
  @FunctionalInterface
  interface Visitor {
    void visit(long dueMillis, long position, int length);
  }

  /** In no order that matters. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < size(); i++) {
      visit(byTime.slot(i), visitor);
    }
  }

  /** Those that lie before a position, so many at most, in no order that matters; others are not looked at. */
  void before(long position, int most, Visitor visitor) {
    byPosition.front(slot -> position(slot) < position, most, slot -> visit(slot, visitor));
  }

  long smallestPosition() {
    return size() == 0 ? Long.MAX_VALUE : position(byPosition.first());
  }

  // Image

  /** Begins an image of what waits; one that was begun before is taken first. */
  DueImage beginImage() {
    if (taking != null) {
      taking.whole();
    }
    taking = new DueImage(this, used);
    return taking;
  }

  void isWhole(DueImage image) {
    taking = taking == image ? null : taking;
  }

  /** Whether a message has this slot. */
  boolean waits(int slot) {
    return slots.get(slot, PLACE_BY_TIME) != FREE;
  }

  void visit(int slot, Visitor visitor) {
    visitor.visit(slots.get(slot, DUE), position(slot), length(slot));
  }

  private void changes(int slot) {
    if (taking != null) {
      taking.changes(slot);
    }
  }

  // Slots

  private long position(int slot) {
    return slots.get(slot, POSITION);
  }

  private void setLength(int slot, int length) {
    slots.set(slot, LENGTH, length);
    longestEver = Math.max(longestEver, length);
  }

  private int length(int slot) {
    return (int) slots.get(slot, LENGTH);
  }

  private boolean isTriedBefore(int slot, int other) {
    long tried = slots.get(slot, TRY);
    long otherTried = slots.get(other, TRY);
    return tried < otherTried || (tried == otherTried && position(slot) < position(other));
  }

  private int takeSlot() {
    if (firstFree < 0) {
      slots.reach(used + 1);
      return used++;
    }
    int slot = firstFree;
    firstFree = length(slot);
    if (taking != null) {
      taking.fills(slot);
    }
    return slot;
  }
}
