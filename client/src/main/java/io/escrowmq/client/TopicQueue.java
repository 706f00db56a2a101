package io.escrowmq.client;

/**
 * One queue of a topic, on the brokers of one name. Messages of one queue have an order.
 *
 * @param queueId 0 to one less than the topic has queues on that broker
 */
public record TopicQueue(String topic, String brokerName, int queueId)
    implements Comparable<TopicQueue> {

  /** By topic, broker and id: the order in which all members of a group share queues out. */
  @Override
  public int compareTo(TopicQueue other) {
    int byTopic = topic.compareTo(other.topic);
    if (byTopic != 0) {
      return byTopic;
    }
    int byBroker = brokerName.compareTo(other.brokerName);
    return byBroker != 0 ? byBroker : Integer.compare(queueId, other.queueId);
  }

  @Override
  public String toString() {
    return topic + "/" + brokerName + "/" + queueId;
  }
}
