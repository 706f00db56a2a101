package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/** UPDATE_CONSUMER_OFFSET: the group has consumed all before this offset. */
public record UpdateConsumerOffsetHeader(
    String consumerGroup, String topic, int queueId, long commitOffset)
    implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<UpdateConsumerOffsetHeader> FIELDS =
      fields -> new UpdateConsumerOffsetHeader(
          fields.requiredText("consumerGroup"),
          fields.requiredText("topic"),
          fields.requiredInt("queueId"),
          fields.requiredLong("commitOffset"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("consumerGroup", consumerGroup)
        .put("topic", topic)
        .put("queueId", queueId)
        .put("commitOffset", commitOffset);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }
}
