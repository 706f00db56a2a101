package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/** UPDATE_AND_GET_GROUP_FORBIDDEN. */
public record GroupForbiddenHeader(String group, String topic, boolean readable)
    implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<GroupForbiddenHeader> FIELDS =
      fields -> new GroupForbiddenHeader(
          fields.requiredText("group"),
          fields.requiredText("topic"),
          fields.booleanOr("readable", true));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("group", group).put("topic", topic).put("readable", readable);
  }

  @Override
  public String groupName() {
    return group;
  }
}
