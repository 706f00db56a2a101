package io.escrowmq.simulation;

/** A queue of a topic on a broker. */
record Queue(int broker, String topic, int queueId) {

  @Override
  public String toString() {
    return (broker == 0 ? "" : Settings.BROKER_NAMES.get(broker) + " ") + topic + "/" + queueId;
  }
}
