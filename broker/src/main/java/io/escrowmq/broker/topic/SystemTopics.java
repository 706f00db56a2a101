package io.escrowmq.broker.topic;

import io.escrowmq.remoting.message.TopicNames;
import java.util.ArrayList;
import java.util.List;

/** The topics that every broker has because clients and tools count on them. Pure. */
public final class SystemTopics {

  private static final int READ_WRITE = Topic.READ | Topic.WRITE;

  private SystemTopics() {}

  /**
   * The topics of a broker of this name.
   *
   * @param autoCreate whether the template for auto-created topics is among them; without it,
   *     producers are told that an unknown topic does not exist
   */
  public static List<Topic> of(
      String cluster, String broker, boolean autoCreate, int defaultQueues) {
    List<Topic> topics = new ArrayList<>();
    topics.add(Topic.of(TopicNames.SELF_TEST, 1, READ_WRITE));
    topics.add(Topic.of(TopicNames.OFFSET_MOVED_EVENT, 1, READ_WRITE));
    topics.add(Topic.of(TopicNames.TRANSACTION_CHECKS_EXHAUSTED, 1, READ_WRITE));
    topics.add(Topic.of(TopicNames.BENCHMARK, 16, READ_WRITE));
    topics.add(Topic.of(TopicNames.replyOf(cluster), 1, READ_WRITE));
    topics.add(Topic.of(cluster, 16, READ_WRITE | Topic.INHERIT));
    if (!broker.equals(cluster)) {
      topics.add(Topic.of(broker, 1, READ_WRITE | Topic.INHERIT));
    }
    if (autoCreate) {
      topics.add(
          Topic.of(TopicNames.AUTO_CREATE_TEMPLATE, defaultQueues, READ_WRITE | Topic.INHERIT));
    }
    return topics;
  }
}
