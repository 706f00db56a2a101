package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/** QUERY_CONSUMER_OFFSET: where does the group stand on this queue? */
public record QueryConsumerOffsetHeader(
    String consumerGroup, String topic, int queueId, boolean setZeroIfNotFound)
    implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<QueryConsumerOffsetHeader> FIELDS =
      fields -> new QueryConsumerOffsetHeader(
          fields.requiredText("consumerGroup"),
          fields.requiredText("topic"),
          fields.requiredInt("queueId"),
          fields.booleanOr("setZeroIfNotFound", true));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("consumerGroup", consumerGroup)
        .put("topic", topic)
        .put("queueId", queueId)
        .put("setZeroIfNotFound", setZeroIfNotFound);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }
}
