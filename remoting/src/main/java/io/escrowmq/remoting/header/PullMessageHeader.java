package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * What PULL_MESSAGE and LITE_PULL_MESSAGE ask for. {@link PullFlags} tells what sysFlag means.
 *
 * @param subscription the expression, only when the flags say so
 * @param expressionType "TAG" or "SQL92"; TAG when absent
 */
public record PullMessageHeader(
    String consumerGroup,
    String topic,
    int queueId,
    long queueOffset,
    int maxMessages,
    int sysFlag,
    long commitOffset,
    long suspendTimeoutMillis,
    @Nullable String subscription,
    long subVersion,
    @Nullable String expressionType,
    int maxBytes)
    implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<PullMessageHeader> FIELDS = fields -> new PullMessageHeader(
      fields.requiredText("consumerGroup"),
      fields.requiredText("topic"),
      fields.requiredInt("queueId"),
      fields.requiredLong("queueOffset"),
      fields.requiredInt("maxMsgNums"),
      fields.requiredInt("sysFlag"),
      fields.requiredLong("commitOffset"),
      fields.requiredLong("suspendTimeoutMillis"),
      fields.text("subscription"),
      fields.longOr("subVersion", 0),
      fields.text("expressionType"),
      fields.intOr("maxMsgBytes", Integer.MAX_VALUE));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("consumerGroup", consumerGroup)
        .put("topic", topic)
        .put("queueId", queueId)
        .put("queueOffset", queueOffset)
        .put("maxMsgNums", maxMessages)
        .put("sysFlag", sysFlag)
        .put("commitOffset", commitOffset)
        .put("suspendTimeoutMillis", suspendTimeoutMillis)
        .put("subscription", subscription)
        .put("subVersion", subVersion)
        .put("expressionType", expressionType)
        .put("maxMsgBytes", maxBytes);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }
}
