package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE_AND_CREATE_TOPIC.
 *
 * @param attributes comma-separated +name=value and -name
 */
public record UpdateTopicHeader(
    String topic,
    @Nullable String defaultTopic,
    int readQueues,
    int writeQueues,
    int permission,
    @Nullable String filterType,
    int sysFlag,
    boolean order,
    @Nullable String attributes)
    implements WireHeader, OfTopic {

  public static final HeaderReader<UpdateTopicHeader> FIELDS = fields -> new UpdateTopicHeader(
      fields.requiredText("topic"),
      fields.text("defaultTopic"),
      fields.requiredInt("readQueueNums"),
      fields.requiredInt("writeQueueNums"),
      fields.requiredInt("perm"),
      fields.text("topicFilterType"),
      fields.intOr("topicSysFlag", 0),
      fields.booleanOr("order", false),
      fields.text("attributes"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("topic", topic)
        .put("defaultTopic", defaultTopic)
        .put("readQueueNums", readQueues)
        .put("writeQueueNums", writeQueues)
        .put("perm", permission)
        .put("topicFilterType", filterType)
        .put("topicSysFlag", sysFlag)
        .put("order", order)
        .put("attributes", attributes);
  }
}
