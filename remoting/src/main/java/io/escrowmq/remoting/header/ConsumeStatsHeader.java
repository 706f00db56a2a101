package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GET_CONSUME_STATS: how far is the group, on one topic, several or all?
 *
 * @param topic blank or absent for all
 * @param topicList separated by semicolons
 */
public record ConsumeStatsHeader(
    String consumerGroup, @Nullable String topic, @Nullable String topicList)
    implements WireHeader, OfTopic, OfGroup, OfNames {

  public static final HeaderReader<ConsumeStatsHeader> FIELDS = fields -> new ConsumeStatsHeader(
      fields.requiredText("consumerGroup"), fields.text("topic"), fields.text("topicList"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("consumerGroup", consumerGroup).put("topic", topic).put("topicList", topicList);
  }

  @Override
  public String groupName() {
    return consumerGroup;
  }

  /** Those of the list; none when there is no list. */
  public List<String> topics() {
    return NameList.of(topicList, ";");
  }

  @Override
  public void nameTo(Names names) {
    topics().forEach(names::topic);
  }
}
