package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * INVOKE_BROKER_TO_GET_CONSUMER_STATUS from a tool, GET_CONSUMER_STATUS_FROM_CLIENT to a client.
 *
 * @param clientId blank or absent for all
 */
public record ConsumerStatusHeader(
    String topic, String group, @Nullable String clientId) implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<ConsumerStatusHeader> FIELDS =
      fields -> new ConsumerStatusHeader(
          fields.requiredText("topic"), fields.requiredText("group"), fields.text("clientAddr"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic).put("group", group).put("clientAddr", clientId);
  }

  @Override
  public String groupName() {
    return group;
  }
}
