package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;

/**
 * One consumer group, under its other name: QUERY_TOPICS_BY_CONSUMER,
 * GET_SUBSCRIPTIONGROUP_CONFIG.
 */
public record GroupHeader(String group) implements WireHeader, OfGroup {

  public static final HeaderReader<GroupHeader> FIELDS =
      fields -> new GroupHeader(fields.requiredText("group"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("group", group);
  }

  @Override
  public String groupName() {
    return group;
  }
}
