package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** How many topics of a broker lost their write permission. */
public record WipedTopicsResponseHeader(int topics) implements WireHeader {

  public static final HeaderReader<WipedTopicsResponseHeader> FIELDS =
      fields -> new WipedTopicsResponseHeader(fields.requiredInt("wipeTopicCount"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("wipeTopicCount", topics);
  }
}
