package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.RecordText;
import io.escrowmq.store.LogRecord;
import java.time.Instant;

/** What the records of topics say, for people. Pure. */
public final class TopicRecordTexts {

  private TopicRecordTexts() {}

  /** A TOPIC record. */
  public static RecordText ofTopic(LogRecord record) {
    TopicRecords.Change<Topic> change = TopicRecords.readChanged(record.payload());
    Topic topic = change.what();
    return RecordText.of(
        "topic " + topic.name() + " was created or changed at "
            + Instant.ofEpochMilli(change.timeMillis()) + ": " + topic.writeQueues()
            + " queues to write, " + topic.readQueues() + " to read"
            + (TopicRecords.saysSince(record)
                ? "; it is there since position " + TopicRecords.since(record)
                : ""),
        topic.name());
  }

  /** A TOPIC_DELETED record. */
  public static RecordText ofTopicDeleted(LogRecord record) {
    TopicRecords.Change<String> change = TopicRecords.readDeleted(record.payload());
    return RecordText.of(
        "topic " + change.what() + " was deleted at " + Instant.ofEpochMilli(change.timeMillis()),
        change.what());
  }
}
