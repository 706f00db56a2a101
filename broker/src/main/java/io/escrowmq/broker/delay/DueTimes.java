package io.escrowmq.broker.delay;

import java.util.Arrays;

/** Positions by due time, the earliest first, equal times by position. A binary heap of pairs. */
final class DueTimes {

  private long[] pairs = new long[64]; // due, position, due, position …
  private int size;

  int size() {
    return size;
  }

  long earliestDue() {
    return pairs[0];
  }

  long earliestPosition() {
    return pairs[1];
  }

  void add(long due, long position) {
    if (size * 2 == pairs.length) {
      pairs = Arrays.copyOf(pairs, pairs.length * 2);
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) / 2;
      if (!isBefore(due, position, parent)) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, due, position);
  }

  void removeEarliest() {
    size--;
    long due = pairs[size * 2];
    long position = pairs[size * 2 + 1];
    int hole = 0;
    while (hole * 2 + 1 < size) {
      int child = hole * 2 + 1;
      if (child + 1 < size && isBefore(dueAt(child + 1), positionAt(child + 1), child)) {
        child++;
      }
      if (isBefore(due, position, child)) {
        break;
      }
      move(child, hole);
      hole = child;
    }
    if (size > 0) {
      put(hole, due, position);
    }
  }

  /** Due times and positions in pairs, in no order that matters. */
  long[] toPairs() {
    return Arrays.copyOf(pairs, size * 2);
  }

  long smallestPosition() {
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      smallest = Math.min(smallest, positionAt(i));
    }
    return smallest;
  }

  private boolean isBefore(long due, long position, int other) {
    long otherDue = dueAt(other);
    return due < otherDue || (due == otherDue && position < positionAt(other));
  }

  private long dueAt(int i) {
    return pairs[i * 2];
  }

  private long positionAt(int i) {
    return pairs[i * 2 + 1];
  }

  private void move(int from, int to) {
    put(to, dueAt(from), positionAt(from));
  }

  private void put(int i, long due, long position) {
    pairs[i * 2] = due;
    pairs[i * 2 + 1] = position;
  }
}
