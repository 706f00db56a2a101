package io.escrowmq.simulation;

/** Where a message stands. */
record Place(Queue queue, long queueOffset) {

  @Override
  public String toString() {
    return queue + "@" + queueOffset;
  }
}
