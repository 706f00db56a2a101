package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;

/**
 * One topic: DELETE_TOPIC_IN_BROKER, GET_TOPIC_STATS_INFO, GET_TOPIC_CONFIG,
 * QUERY_TOPIC_CONSUME_BY_WHO, REGISTER_TOPIC_IN_NAMESRV.
 */
public record TopicHeader(String topic) implements WireHeader, OfTopic {

  public static final HeaderReader<TopicHeader> FIELDS =
      fields -> new TopicHeader(fields.requiredText("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic);
  }
}
