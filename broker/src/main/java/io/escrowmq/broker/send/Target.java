package io.escrowmq.broker.send;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.AutoTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.runtime.Chance;
import org.jspecify.annotations.Nullable;

/**
 * Where messages go.
 *
 * @param toCreate the topic, when it is not there; null when it is
 * @param deadLetter whether the sender gives them up
 */
record Target(String name, Topic topic, @Nullable Topic toCreate, boolean deadLetter) {

  /**
   * Finds the topic, or the one that a send creates.
   *
   * @throws RefusedException when nobody may send there
   */
  static Target of(SendRequest request, TopicCatalog topics, ResendRule resends) {
    String name = request.topic();
    Topic topic = topics.find(name);
    if (topic == null || !TopicNames.isSendable(name)) {
      topic = null;
      checkName(name);
    }
    if (TopicNames.isRetry(name)) {
      String group = name.substring(TopicNames.RETRY_PREFIX.length());
      switch (resends.judge(group, request.reconsumeTimes(), request.maxReconsumeTimes())) {
        case UNKNOWN_GROUP -> throw new RefusedException(new Refusal.NoSuchGroup(group));
        case DEAD_LETTER -> {
          return deadLetter(group, topics);
        }
        case RETRY -> {}
      }
    }
    if (topic != null) {
      return new Target(name, topic, null, false);
    }
    Topic template = new AutoTopics(topics).template(request.template());
    Topic created = AutoTopics.forSend(name, template, request.templateQueues());
    if (created == null) {
      throw new RefusedException(new Refusal.TopicNotCreated(name));
    }
    String forbidden = template == null ? null : request.rights().refusalOfTopic(template.name());
    if (forbidden != null) {
      throw new RefusedException(new Refusal.NotPermitted(forbidden));
    }
    return new Target(name, created, created, false);
  }

  private static void checkName(String name) {
    String illegal = TopicNames.refusal(name);
    if (illegal != null) {
      throw new RefusedException(new Refusal.BadValue(illegal));
    }
    if (!TopicNames.isSendable(name)) {
      throw new RefusedException(new Refusal.TopicOfBroker(name));
    }
  }

  private static Target deadLetter(String group, TopicCatalog topics) {
    String name = TopicNames.dlqOf(group);
    Topic topic = topics.find(name);
    if (topic != null) {
      return new Target(name, topic, null, true);
    }
    Topic created = AutoTopics.forRetry(name, 1);
    return new Target(name, created, created, true);
  }

  /** Whether consumers get messages there that they had before. */
  boolean isForRetries() {
    return deadLetter || TopicNames.isRetry(name);
  }

  /**
   * The queue that is asked for, or any.
   *
   * @throws RefusedException when there is no such queue
   */
  int queue(int wanted, Chance chance) {
    if (deadLetter) {
      return 0;
    }
    if (wanted < 0) {
      return chance.below(Math.max(1, topic.writeQueues()));
    }
    if (wanted >= topic.queues()) {
      throw new RefusedException(new Refusal.NoSuchQueue(topic.name(), topic.queues(), wanted));
    }
    return wanted;
  }

  /** The flags that messages are stored with: half-messages as they will be seen. */
  int sysFlag(int sent, boolean isHalf) {
    int sysFlag = SysFlags.withTransaction(
        sent & ~(SysFlags.BORN_HOST_V6 | SysFlags.STORE_HOST_V6),
        isHalf ? SysFlags.TRANSACTION_COMMIT : SysFlags.TRANSACTION_NONE);
    return topic.multiTags() ? sysFlag | SysFlags.MULTI_TAGS : sysFlag;
  }
}
