package io.escrowmq.simulation;

/** Where a message stands. */
record Place(String topic, int queueId, long queueOffset) {

  @Override
  public String toString() {
    return topic + "/" + queueId + "@" + queueOffset;
  }
}
