package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * DELETE_TOPIC_IN_NAMESRV.
 *
 * @param cluster only that cluster's brokers; all when absent
 */
public record DeleteTopicInNamesrvHeader(
    String topic, @Nullable String cluster) implements WireHeader, OfTopic, OfNames {

  public static final HeaderReader<DeleteTopicInNamesrvHeader> FIELDS = fields ->
      new DeleteTopicInNamesrvHeader(fields.requiredText("topic"), fields.text("clusterName"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topic", topic).put("clusterName", cluster);
  }

  @Override
  public void nameTo(Names names) {
    names.cluster(cluster == null || cluster.isEmpty() ? null : cluster);
  }
}
