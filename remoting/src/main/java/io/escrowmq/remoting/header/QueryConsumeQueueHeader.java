package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** QUERY_CONSUME_QUEUE. */
public record QueryConsumeQueueHeader(
    String topic,
    int queueId,
    long index,
    int count,
    @Nullable String consumerGroup) implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<QueryConsumeQueueHeader> FIELDS =
      fields -> new QueryConsumeQueueHeader(
          fields.requiredText("topic"),
          fields.requiredInt("queueId"),
          fields.requiredLong("index"),
          fields.intOr("count", 10),
          fields.text("consumerGroup"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("topic", topic)
        .put("queueId", queueId)
        .put("index", index)
        .put("count", count)
        .put("consumerGroup", consumerGroup);
  }

  @Override
  public @Nullable String groupName() {
    return consumerGroup;
  }
}
