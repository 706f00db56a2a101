package io.escrowmq.store.queue;

import java.util.Arrays;

/**
 * All queues side by side, so that an image of very many of them is three array copies. Owner: the
 * log loop; a {@link #copy} is immutable.
 */
final class Roll {

  private ConsumeQueue[] queues;
  private long[] tails;
  private Shape[] shapes;
  private int size;

  Roll() {
    this(new ConsumeQueue[16], new long[16], new Shape[16], 0);
  }

  private Roll(ConsumeQueue[] queues, long[] tails, Shape[] shapes, int size) {
    this.queues = queues;
    this.tails = tails;
    this.shapes = shapes;
    this.size = size;
  }

  int size() {
    return size;
  }

  ConsumeQueue queue(int place) {
    return queues[place];
  }

  long tail(int place) {
    return tails[place];
  }

  Shape shape(int place) {
    return shapes[place];
  }

  void add(ConsumeQueue queue) {
    if (size == queues.length) {
      int wider = size * 2;
      queues = Arrays.copyOf(queues, wider);
      tails = Arrays.copyOf(tails, wider);
      shapes = Arrays.copyOf(shapes, wider);
    }
    queues[size] = queue;
    tails[size] = 0;
    shapes[size] = Shape.EMPTY;
    size++;
  }

  void tail(int place, long tail) {
    tails[place] = tail;
  }

  void shape(int place, Shape shape) {
    shapes[place] = shape;
  }

  /** Takes a queue out; the last one moves to its place. */
  void remove(int place) {
    size--;
    queues[place] = queues[size];
    tails[place] = tails[size];
    shapes[place] = shapes[size];
    queues[place].moveTo(place);
  }

  Roll copy() {
    return new Roll(
        Arrays.copyOf(queues, size), Arrays.copyOf(tails, size), Arrays.copyOf(shapes, size), size);
  }
}
