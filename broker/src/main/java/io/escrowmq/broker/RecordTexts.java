package io.escrowmq.broker;

import io.escrowmq.broker.consumer.ConsumerRecordTexts;
import io.escrowmq.broker.core.RecordText;
import io.escrowmq.broker.delay.DelayRecordTexts;
import io.escrowmq.broker.topic.TopicRecordTexts;
import io.escrowmq.broker.tx.TransactionRecordTexts;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import java.util.List;

/** Tells what records of each kind say. Owner: one thread. */
final class RecordTexts {

  private final MessageView message = new MessageView();

  RecordText of(LogRecord record) {
    try {
      return switch (record.kind()) {
        case MESSAGE -> RecordText.ofMessage(record, messageOf(record));
        case DELAYED -> DelayRecordTexts.ofDelayed(record, messageOf(record));
        case DELIVERY -> DelayRecordTexts.ofDelivery(record);
        case CONSUMER_OFFSETS -> ConsumerRecordTexts.ofOffsets(record);
        case TOPIC -> TopicRecordTexts.ofTopic(record);
        case TOPIC_DELETED -> TopicRecordTexts.ofTopicDeleted(record);
        case GROUP -> ConsumerRecordTexts.ofGroup(record);
        case GROUP_DELETED -> ConsumerRecordTexts.ofGroupDeleted(record);
        case HALF -> TransactionRecordTexts.ofHalf(record, messageOf(record));
        case DECISION -> TransactionRecordTexts.ofDecision(record);
        case CHECK -> TransactionRecordTexts.ofCheck(record);
      };
    } catch (RuntimeException e) { // whole, but nothing that this version writes
      return new RecordText("what it says cannot be read: " + e.getMessage(), List.of(), List.of());
    }
  }

  private MessageView messageOf(LogRecord record) {
    return message.wrap(record.payload(), StoredMessages.messageAt(record));
  }
}
