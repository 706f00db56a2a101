package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * CONSUMER_SEND_MSG_BACK: deliver the message at this position to the group again.
 *
 * @param delayLevel 0 the broker decides, above 0 as said, below 0 straight to dead letter
 * @param maxReconsumeTimes -1 when absent: the group's own limit counts
 */
public record SendBackHeader(
    long position,
    String group,
    int delayLevel,
    @Nullable String originMessageId,
    @Nullable String originTopic,
    boolean unitMode,
    int maxReconsumeTimes)
    implements WireHeader, OfGroup, OfNames {

  public static final HeaderReader<SendBackHeader> FIELDS = fields -> new SendBackHeader(
      fields.requiredLong("offset"),
      fields.requiredText("group"),
      fields.requiredInt("delayLevel"),
      fields.text("originMsgId"),
      fields.text("originTopic"),
      fields.booleanOr("unitMode", false),
      fields.intOr("maxReconsumeTimes", -1));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("offset", position)
        .put("group", group)
        .put("delayLevel", delayLevel)
        .put("originMsgId", originMessageId)
        .put("originTopic", originTopic)
        .put("unitMode", unitMode)
        .put("maxReconsumeTimes", maxReconsumeTimes);
  }

  @Override
  public String groupName() {
    return group;
  }

  @Override
  public void nameTo(Names names) {
    if (originTopic != null) {
      names.topic(originTopic);
    }
  }
}
