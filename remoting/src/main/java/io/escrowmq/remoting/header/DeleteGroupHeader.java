package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;

/** DELETE_SUBSCRIPTIONGROUP. */
public record DeleteGroupHeader(String group, boolean cleanOffsets) implements WireHeader, OfGroup {

  public static final HeaderReader<DeleteGroupHeader> FIELDS = fields -> new DeleteGroupHeader(
      fields.requiredText("groupName"), fields.booleanOr("cleanOffset", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("groupName", group).put("cleanOffset", cleanOffsets);
  }

  @Override
  public String groupName() {
    return group;
  }
}
