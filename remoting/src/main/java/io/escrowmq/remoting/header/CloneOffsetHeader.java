package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/** CLONE_GROUP_OFFSET. */
public record CloneOffsetHeader(
    String fromGroup, String toGroup, @Nullable String topic, boolean offline)
    implements WireHeader, OfTopic, OfGroup, OfNames {

  public static final HeaderReader<CloneOffsetHeader> FIELDS = fields -> new CloneOffsetHeader(
      fields.requiredText("srcGroup"),
      fields.requiredText("destGroup"),
      fields.text("topic"),
      fields.booleanOr("offline", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("srcGroup", fromGroup)
        .put("destGroup", toGroup)
        .put("topic", topic)
        .put("offline", offline);
  }

  @Override
  public String groupName() {
    return toGroup;
  }

  @Override
  public void nameTo(Names names) {
    names.group(fromGroup);
  }
}
