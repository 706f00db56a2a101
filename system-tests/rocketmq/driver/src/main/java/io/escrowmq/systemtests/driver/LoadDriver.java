package io.escrowmq.systemtests.driver;

import java.util.List;

/** Steady sending in the background, with a record of what was acknowledged. */
public interface LoadDriver {

  /**
   * Starts so many senders, which send numbered messages one after the other, each as soon as the previous one was
   * answered or has failed, until {@link #stopLoad}. Failures are expected and only counted.
   */
  void startLoad(String load, String nameServers, String topic, int senders, int bodyBytes);

  /** How many messages were acknowledged since the start. */
  long acknowledgedCount(String load);

  /** What was acknowledged since the last call; in no particular order. */
  List<LoadReceipt> takeAcknowledged(String load);

  /** What its senders have seen since this was last asked. */
  LoadFigures takeFigures(String load);

  void stopLoad(String load);

  /** The numbers of the messages in a queue of the load's topic, from an offset to the end, in their order. */
  List<Long> storedNumbers(String load, String brokerName, int queueId, long fromOffset);
}
