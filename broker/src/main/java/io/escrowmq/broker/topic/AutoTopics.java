package io.escrowmq.broker.topic;

import io.escrowmq.remoting.message.TopicNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which topics come into being by being used. Pure. */
public final class AutoTopics {

  private final TopicCatalog topics;

  public AutoTopics(TopicCatalog topics) {
    this.topics = topics;
  }

  /** The topic after which others are made; null when it is none such. */
  public @Nullable Topic template(String name) {
    Topic topic = topics.find(name);
    return topic != null && topic.isTemplate() ? topic : null;
  }

  /**
   * The topic that a first send creates: a smaller copy of the template that the sender names, or
   * one queue for retries. Null when it may not be created.
   */
  public static @Nullable Topic forSend(String name, @Nullable Topic model, int queuesWanted) {
    if (model != null) {
      int queues = Math.max(1, Math.min(queuesWanted, model.writeQueues()));
      return new Topic(
          name,
          queues,
          queues,
          model.perm() & ~Topic.INHERIT,
          model.multiTags(),
          0,
          false,
          Map.of());
    }
    return TopicNames.isRetry(name) ? forRetry(name, 1) : null;
  }

  /** A retry or dead letter topic. */
  public static Topic forRetry(String name, int queues) {
    return Topic.of(name, queues, Topic.READ | Topic.WRITE).checked();
  }
}
