package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/** One queue: GET_MAX_OFFSET, GET_MIN_OFFSET, GET_EARLIEST_MSG_STORETIME. */
public record QueueHeader(String topic, int queueId) implements WireHeader, OfTopic {

  public static final HeaderReader<QueueHeader> FIELDS =
      fields -> new QueueHeader(fields.requiredText("topic"), fields.requiredInt("queueId"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic).put("queueId", queueId);
  }
}
