package io.escrowmq.broker.delay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a time: by the time of their next try, equal times by position, and found by
 * position. A binary heap of slots and a hash table of slots: 48 to 96 bytes a message. Owner: the log
 * loop.
 */
final class DueTimes {

  private static final int FIRST_ROOM = 64; // a power of two, as all that follow
  private static final int FREE = -1; // in place of a slot's place in the heap

  // By slot.
  private long[] dueMillis = new long[FIRST_ROOM];
  private long[] tryMillis = new long[FIRST_ROOM]; // the due time, or later after a try in vain
  private long[] positions = new long[FIRST_ROOM];
  private int[] lengths = new int[FIRST_ROOM];
  private int[] places = new int[FIRST_ROOM]; // in the heap

  private int[] heap = new int[FIRST_ROOM]; // slots
  private int[] table =
      new int[FIRST_ROOM * 2]; // slot + 1, at the hash of its position or behind it
  private int size; // any thread may ask; it may lag
  private int used; // slots from here on were never taken
  private int[] given = new int[FIRST_ROOM]; // slots that were given back
  private int givenBack;
  private @Nullable DueImage taking; // an image that is not whole

  int size() {
    return size;
  }

  /** The time of the earliest try. */
  long earliestTry() {
    return tryMillis[heap[0]];
  }

  /** Where the message lies that is tried first. */
  long earliestPosition() {
    return positions[heap[0]];
  }

  /** When the message at a position is due; it waits. */
  long due(long position) {
    return dueMillis[slotOf(position)];
  }

  /** The length of the record at a position, whose message waits. */
  int length(long position) {
    return lengths[slotOf(position)];
  }

  void add(long due, long position, int length) {
    int slot = takeSlot();
    dueMillis[slot] = due;
    tryMillis[slot] = due;
    positions[slot] = position;
    lengths[slot] = length;
    enter(slot);
    heap[size] = slot;
    places[slot] = size;
    size++;
    siftUp(slot);
  }

  /** False when no message at this position waits. */
  boolean remove(long position) {
    int slot = slotOf(position);
    if (slot < 0) {
      return false;
    }
    changes(slot);
    leave(slot);
    int hole = places[slot];
    places[slot] = FREE;
    size--;
    int last = heap[size];
    if (last != slot) {
      heap[hole] = last;
      places[last] = hole;
      siftUp(last);
      siftDown(last);
    }
    given[givenBack++] = slot;
    return true;
  }

  /** The message lies elsewhere from now on; false when none at the old position waits. */
  boolean move(long from, long to, int length) {
    int slot = slotOf(from);
    if (slot < 0) {
      return false;
    }
    changes(slot);
    leave(slot);
    positions[slot] = to;
    lengths[slot] = length;
    enter(slot);
    siftUp(slot);
    siftDown(slot);
    return true;
  }

  /** Tries the message again at a later time. Not a fact: a restart tries it when it is due. */
  void postpone(long position, long untilMillis) {
    int slot = slotOf(position);
    tryMillis[slot] = Math.max(tryMillis[slot], untilMillis);
    siftDown(slot);
  }

  /** Told of messages that wait. */
  @FunctionalInterface
  interface Visitor {
    void visit(long dueMillis, long position, int length);
  }

  /** In no order that matters. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visit(heap[i], visitor);
    }
  }

  long smallestPosition() {
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      smallest = Math.min(smallest, positions[heap[i]]);
    }
    return smallest;
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
    return places[slot] != FREE;
  }

  void visit(int slot, Visitor visitor) {
    visitor.visit(dueMillis[slot], positions[slot], lengths[slot]);
  }

  private void changes(int slot) {
    if (taking != null) {
      taking.changes(slot);
    }
  }

  // Slots

  private int takeSlot() {
    if (givenBack > 0) {
      int slot = given[--givenBack];
      if (taking != null) {
        taking.fills(slot);
      }
      return slot;
    }
    if (used == positions.length) {
      int room = used * 2;
      dueMillis = Arrays.copyOf(dueMillis, room);
      tryMillis = Arrays.copyOf(tryMillis, room);
      positions = Arrays.copyOf(positions, room);
      lengths = Arrays.copyOf(lengths, room);
      places = Arrays.copyOf(places, room);
      heap = Arrays.copyOf(heap, room);
      given = Arrays.copyOf(given, room);
      table = new int[room * 2];
      for (int slot = 0; slot < used; slot++) {
        if (places[slot] != FREE) {
          enter(slot);
        }
      }
    }
    return used++;
  }

  // Heap

  private void siftUp(int slot) {
    int place = places[slot];
    while (place > 0) {
      int parent = (place - 1) / 2;
      if (!isBefore(slot, heap[parent])) {
        break;
      }
      put(heap[parent], place);
      place = parent;
    }
    put(slot, place);
  }

  private void siftDown(int slot) {
    int place = places[slot];
    while (place * 2 + 1 < size) {
      int child = place * 2 + 1;
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], slot)) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(slot, place);
  }

  private void put(int slot, int place) {
    heap[place] = slot;
    places[slot] = place;
  }

  private boolean isBefore(int slot, int other) {
    return tryMillis[slot] < tryMillis[other]
        || (tryMillis[slot] == tryMillis[other] && positions[slot] < positions[other]);
  }

  // Table: open addressing with linear probing, at most half full

  private int slotOf(long position) {
    int mask = table.length - 1;
    for (int i = home(position, mask); table[i] != 0; i = (i + 1) & mask) {
      int slot = table[i] - 1;
      if (positions[slot] == position) {
        return slot;
      }
    }
    return -1;
  }

  private void enter(int slot) {
    int mask = table.length - 1;
    int i = home(positions[slot], mask);
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    table[i] = slot + 1;
  }

  // Moves up those behind the hole that may lie there, so that a search never ends too early.
  private void leave(int slot) {
    int mask = table.length - 1;
    int hole = home(positions[slot], mask);
    while (table[hole] != slot + 1) {
      hole = (hole + 1) & mask;
    }
    for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      int home = home(positions[table[i] - 1], mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = 0;
  }

  // Positions are multiples of eight, at similar distances.
  private static int home(long position, int mask) {
    long mixed = position * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed >>> 32) & mask;
  }
}
