package io.escrowmq.broker.delay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** A binary heap of slots: the first in an order is known at once. Owner: the log loop. */
final class SlotHeap {

  /** Which of two slots comes first. */
  @FunctionalInterface
  interface Order {
    boolean isBefore(int slot, int other);
  }

  private final SlotPages slots;
  private final int placeWord;
  private final Order order;
  private final SlotPages heap = new SlotPages(1); // slots
  private int size; // any thread may ask; it may lag

  /** @param placeWord of a slot, in which its place is kept */
  SlotHeap(SlotPages slots, int placeWord, Order order) {
    this.slots = slots;
    this.placeWord = placeWord;
    this.order = order;
  }

  int size() {
    return size;
  }

  /** The first one in the order. */
  int first() {
    return slot(0);
  }

  /** The slot at a place; the places are those up to the size. */
  int slot(int place) {
    return (int) heap.get(place, 0);
  }

  private int place(int slot) {
    return (int) slots.get(slot, placeWord);
  }

  void add(int slot) {
    heap.reach(size + 1);
    put(slot, size);
    size++;
    siftUp(slot);
  }

  void remove(int slot) {
    int hole = place(slot);
    size--;
    int last = slot(size);
    if (last != slot) {
      put(last, hole);
      hasChanged(last);
    }
  }

  /** A slot may stand elsewhere in the order now. */
  void hasChanged(int slot) {
    siftUp(slot);
    siftDown(slot);
  }

  /**
   * Visits those at the front, in no order that matters, so many at most. Costs a look at each, and at
   * two more.
   *
   * @param isAtFront true of whoever comes before one of whom it is true
   */
  void front(IntPredicate isAtFront, int most, IntConsumer visitor) {
    Deque<Integer> places = new ArrayDeque<>();
    places.push(0);
    for (int visited = 0; visited < most && !places.isEmpty(); ) {
      int place = places.pop();
      if (place < size && isAtFront.test(slot(place))) {
        visitor.accept(slot(place));
        visited++;
        places.push(place * 2 + 1);
        places.push(place * 2 + 2);
      }
    }
  }

  private void siftUp(int slot) {
    int place = place(slot);
    while (place > 0) {
      int parent = (place - 1) / 2;
      int above = slot(parent);
      if (!order.isBefore(slot, above)) {
        break;
      }
      put(above, place);
      place = parent;
    }
    put(slot, place);
  }

  private void siftDown(int slot) {
    int place = place(slot);
    while (place * 2 + 1 < size) {
      int child = place * 2 + 1;
      if (child + 1 < size && order.isBefore(slot(child + 1), slot(child))) {
        child++;
      }
      int below = slot(child);
      if (!order.isBefore(below, slot)) {
        break;
      }
      put(below, place);
      place = child;
    }
    put(slot, place);
  }

  private void put(int slot, int place) {
    heap.set(place, 0, slot);
    slots.set(slot, placeWord, place);
  }
}
