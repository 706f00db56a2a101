package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * GET_ALL_TOPIC_CONFIG, with the paging of 5.5; without it all topics are asked for.
 *
 * @param most 0 when absent: no paging
 */
public record AllTopicConfigHeader(int from, @Nullable String dataVersion, int most)
    implements WireHeader {

  public static final HeaderReader<AllTopicConfigHeader> FIELDS =
      fields -> new AllTopicConfigHeader(
          fields.intOr("topicSeq", 0), fields.text("dataVersion"), fields.intOr("maxTopicNum", 0));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("topicSeq", from).put("dataVersion", dataVersion).put("maxTopicNum", most);
  }
}
