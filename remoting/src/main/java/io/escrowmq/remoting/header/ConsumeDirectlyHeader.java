package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** CONSUME_MESSAGE_DIRECTLY: one client is to consume one message now. */
public record ConsumeDirectlyHeader(
    String consumerGroup,
    @Nullable String clientId,
    @Nullable String messageId,
    @Nullable String brokerName,
    @Nullable String topic)
    implements WireHeader, OfGroup, OfNames {

  public static final HeaderReader<ConsumeDirectlyHeader> FIELDS =
      fields -> new ConsumeDirectlyHeader(
          fields.requiredText("consumerGroup"),
          fields.text("clientId"),
          fields.text("msgId"),
          fields.text("brokerName"),
          fields.text("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("consumerGroup", consumerGroup)
        .put("clientId", clientId)
        .put("msgId", messageId)
        .put("brokerName", brokerName)
        .put("topic", topic);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }

  @Override
  public void nameTo(Names names) {
    if (topic != null) {
      names.topic(topic);
    }
  }
}
