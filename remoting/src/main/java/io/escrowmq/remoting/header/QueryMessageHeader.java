package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * QUERY_MESSAGE: messages by key within a time range.
 *
 * @param indexType "K" key, "U" unique key, "T" tag
 */
public record QueryMessageHeader(
    String topic,
    String key,
    int most,
    long beginTimestamp,
    long endTimestamp,
    @Nullable String indexType,
    @Nullable String lastKey,
    boolean uniqueKey)
    implements WireHeader, OfTopic {

  public static final HeaderReader<QueryMessageHeader> FIELDS = fields -> new QueryMessageHeader(
      fields.requiredText("topic"),
      fields.requiredText("key"),
      fields.requiredInt("maxNum"),
      fields.requiredLong("beginTimestamp"),
      fields.requiredLong("endTimestamp"),
      fields.text("indexType"),
      fields.text("lastKey"),
      fields.booleanOr("_UNIQUE_KEY_QUERY", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("topic", topic)
        .put("key", key)
        .put("maxNum", most)
        .put("beginTimestamp", beginTimestamp)
        .put("endTimestamp", endTimestamp)
        .put("indexType", indexType)
        .put("lastKey", lastKey)
        .put("_UNIQUE_KEY_QUERY", uniqueKey);
  }
}
