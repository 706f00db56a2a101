package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** One queue offset. */
public record OffsetResponseHeader(long offset) implements WireHeader {

  public static final HeaderReader<OffsetResponseHeader> FIELDS =
      fields -> new OffsetResponseHeader(fields.requiredLong("offset"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("offset", offset);
  }
}
