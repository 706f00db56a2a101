package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;

/**
 * One consumer group: GET_CONSUMER_LIST_BY_GROUP, NOTIFY_CONSUMER_IDS_CHANGED,
 * GET_CONSUMER_CONNECTION_LIST.
 */
public record ConsumerGroupHeader(String consumerGroup) implements WireHeader, OfGroup {

  public static final HeaderReader<ConsumerGroupHeader> FIELDS =
      fields -> new ConsumerGroupHeader(fields.requiredText("consumerGroup"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("consumerGroup", consumerGroup);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }
}
