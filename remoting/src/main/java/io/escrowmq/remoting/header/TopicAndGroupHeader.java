package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/** A group on a topic: QUERY_CONSUME_TIME_SPAN. */
public record TopicAndGroupHeader(String topic, String group)
    implements WireHeader, OfTopic, OfGroup {

  public static final HeaderReader<TopicAndGroupHeader> FIELDS =
      fields -> new TopicAndGroupHeader(fields.requiredText("topic"), fields.requiredText("group"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic).put("group", group);
  }

  @Override
  public String groupName() {
    return group;
  }
}
