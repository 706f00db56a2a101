package io.escrowmq.broker.send;

import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
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
  public @Nullable Reply refusal() {
    if (topics.find(topic) != null) {
      return null;
    }
    if (toCreate == null) {
      return Reply.refused(
          ResponseCode.TOPIC_NOT_EXIST, "the topic " + topic + " was deleted a moment ago");
    }
    // What is tried again or given up is not lost for the sake of other topics.
    if (TopicNames.isRetry(topic) || TopicNames.isDlq(topic)) {
      return topics.hasRoom()
          ? null
          : Reply.refused(ResponseCode.TOPIC_NOT_EXIST, topics.refusal(topic));
    }
    if (!topics.hasRoomByUse()) {
      return Reply.refused(ResponseCode.TOPIC_NOT_EXIST, topics.refusalByUse(topic));
    }
    String full = topics.memoryRefusal(toCreate);
    return full == null ? null : Reply.refused(ResponseCode.TOPIC_NOT_EXIST, full);
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
