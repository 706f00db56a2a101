package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * With GROUP_REFUSED: why, in one word; the remark says it in a sentence, and the body has the group's state, if there
 * is such a group.
 */
public record GroupRefusedHeader(String reason) implements WireHeader {

  public static final HeaderReader<GroupRefusedHeader> FIELDS =
      fields -> new GroupRefusedHeader(fields.requiredText("reason"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("reason", reason);
  }
}
