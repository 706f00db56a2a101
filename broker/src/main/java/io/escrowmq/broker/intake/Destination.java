package io.escrowmq.broker.intake;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.RecordKind;
import org.jspecify.annotations.Nullable;

/**
 * The topic that messages on their way are for; created with them when it was asked for.
 *
 * @param toCreate recorded first when the topic is not there; null when it must be there
 */
public record Destination(
    TopicCatalog topics, String topic, @Nullable Topic toCreate) {

  private static final int TOPIC_RECORD = 1024; // more than a created topic's record takes

  /** What creating it may take in the log. */
  public int bytes() {
    return toCreate == null ? 0 : TOPIC_RECORD;
  }

  /** Why messages cannot go there; null when they can. Log loop. */
  public @Nullable Refusal refusal() {
    if (topics.find(topic) != null) {
      return null;
    }
    if (toCreate == null) {
      return new Refusal.TopicDeletedJustNow(topic);
    }
    // What is tried again or given up is not lost for the sake of other topics.
    if (TopicNames.isRetry(topic) || TopicNames.isDlq(topic)) {
      return topics.hasRoom() ? null : new Refusal.TopicsFull(topics.refusal(topic));
    }
    if (!topics.hasRoomByUse()) {
      return new Refusal.TopicsFull(topics.refusalByUse(topic));
    }
    String full = topics.memoryRefusal(toCreate);
    return full == null ? null : new Refusal.TopicsFull(full);
  }

  /** What was recorded is safe: has the topic be known, if it was created. */
  public void announce() {
    if (toCreate != null) {
      topics.announce();
    }
  }

  /** Records the topic unless it is there. Log loop. */
  public void create(Recorder recorder) {
    if (toCreate != null && topics.find(topic) == null) {
      recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(recorder.nowMillis(), toCreate));
    }
  }
}
