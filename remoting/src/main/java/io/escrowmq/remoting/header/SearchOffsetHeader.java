package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * SEARCH_OFFSET_BY_TIMESTAMP.
 *
 * @param boundaryType "LOWER" or "UPPER" in any case; LOWER when absent
 */
public record SearchOffsetHeader(
    String topic, int queueId, long timestamp, @Nullable String boundaryType)
    implements WireHeader, OfTopic {

  public static final HeaderReader<SearchOffsetHeader> FIELDS = fields -> new SearchOffsetHeader(
      fields.requiredText("topic"),
      fields.requiredInt("queueId"),
      fields.requiredLong("timestamp"),
      fields.text("boundaryType"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("topic", topic)
        .put("queueId", queueId)
        .put("timestamp", timestamp)
        .put("boundaryType", boundaryType);
  }
}
