package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;

/** GET_CONSUMER_RUNNING_INFO. */
public record ConsumerRunningHeader(String consumerGroup, String clientId, boolean withStacks)
    implements WireHeader, OfGroup {

  public static final HeaderReader<ConsumerRunningHeader> FIELDS =
      fields -> new ConsumerRunningHeader(
          fields.requiredText("consumerGroup"),
          fields.requiredText("clientId"),
          fields.booleanOr("jstackEnable", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("consumerGroup", consumerGroup)
        .put("clientId", clientId)
        .put("jstackEnable", withStacks);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }
}
