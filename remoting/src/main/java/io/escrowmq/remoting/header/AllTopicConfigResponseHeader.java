package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** How many topics there are in all pages. */
public record AllTopicConfigResponseHeader(int total) implements WireHeader {

  public static final HeaderReader<AllTopicConfigResponseHeader> FIELDS =
      fields -> new AllTopicConfigResponseHeader(fields.requiredInt("totalTopicNum"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("totalTopicNum", total);
  }
}
