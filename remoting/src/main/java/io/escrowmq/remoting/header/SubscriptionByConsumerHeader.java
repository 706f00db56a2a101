package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** QUERY_SUBSCRIPTION_BY_CONSUMER. */
public record SubscriptionByConsumerHeader(
    String group, @Nullable String topic) implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<SubscriptionByConsumerHeader> FIELDS = fields ->
      new SubscriptionByConsumerHeader(fields.requiredText("group"), fields.text("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("group", group).put("topic", topic);
  }

  @Override
  public String groupName() {
    return group;
  }
}
