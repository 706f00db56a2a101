package io.escrowmq.systemtests.driver;

import java.util.List;

/** The two consumers that ask: the plain one, which is told queue and offset, and the lite one, which polls. */
public interface PullDriver {

  void startPull(String consumer, String nameServers, String group);

  /** The queues of a topic as {@code broker name + ':' + queue id}, sorted. */
  List<String> queues(String consumer, String topic);

  PullAnswer pull(
      String consumer,
      String topic,
      String brokerName,
      int queueId,
      MessageFilter wanted,
      long offset,
      int maxMessages);

  /** As {@link #pull}, but the broker may keep the request until there is something. */
  PullAnswer pullOrWait(
      String consumer,
      String topic,
      String brokerName,
      int queueId,
      String expression,
      long offset,
      int maxMessages);

  long maxOffset(String consumer, String topic, String brokerName, int queueId);

  long minOffset(String consumer, String topic, String brokerName, int queueId);

  long offsetAt(
      String consumer, String topic, String brokerName, int queueId, long timestampMillis);

  /** Stores an offset for the group at the broker. */
  void commitOffset(String consumer, String topic, String brokerName, int queueId, long offset);

  /** The offset that the broker has for the group; -1 when it has none. */
  long committedOffset(String consumer, String topic, String brokerName, int queueId);

  void stopPull(String consumer);

  /** A lite pull consumer that subscribes and is given its queues, from the first offset on. */
  void startLitePull(
      String consumer, String nameServers, String group, String topic, MessageFilter wanted);

  /** A lite pull consumer that takes all queues of the topic itself. */
  void startAssignedLitePull(String consumer, String nameServers, String group, String topic);

  List<ReceivedMessage> poll(String consumer, long timeoutMillis);

  void seekToBegin(String consumer, String topic);

  void commitPolled(String consumer);

  void stopLitePull(String consumer);
}
