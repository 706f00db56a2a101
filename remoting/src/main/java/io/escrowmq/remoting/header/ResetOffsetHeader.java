package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/**
 * INVOKE_BROKER_TO_RESET_OFFSET from a tool, RESET_CONSUMER_CLIENT_OFFSET to a client.
 *
 * @param timestamp -1 for the end of the queues
 * @param queueId -1 for all queues
 * @param offset -1 when the timestamp counts
 */
public record ResetOffsetHeader(
    String group, String topic, long timestamp, boolean force, int queueId, long offset)
    implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<ResetOffsetHeader> FIELDS = fields -> new ResetOffsetHeader(
      fields.requiredText("group"),
      fields.requiredText("topic"),
      fields.requiredLong("timestamp"),
      fields.booleanOr("isForce", false),
      fields.intOr("queueId", -1),
      fields.longOr("offset", -1));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("group", group)
        .put("topic", topic)
        .put("timestamp", timestamp)
        .put("isForce", force)
        .put("queueId", queueId)
        .put("offset", offset);
  }

  @Override
  public String groupName() {
    return group;
  }
}
