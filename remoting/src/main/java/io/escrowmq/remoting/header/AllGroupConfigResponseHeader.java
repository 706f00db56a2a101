package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** How many groups there are in all pages. */
public record AllGroupConfigResponseHeader(int total) implements WireHeader {

  public static final HeaderReader<AllGroupConfigResponseHeader> FIELDS =
      fields -> new AllGroupConfigResponseHeader(fields.requiredInt("totalGroupNum"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("totalGroupNum", total);
  }
}
