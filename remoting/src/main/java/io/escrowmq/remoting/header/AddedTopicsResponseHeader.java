package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** How many topics of a broker got their write permission. */
public record AddedTopicsResponseHeader(int topics) implements WireHeader {

  public static final HeaderReader<AddedTopicsResponseHeader> FIELDS =
      fields -> new AddedTopicsResponseHeader(fields.requiredInt("addTopicCount"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("addTopicCount", topics);
  }
}
