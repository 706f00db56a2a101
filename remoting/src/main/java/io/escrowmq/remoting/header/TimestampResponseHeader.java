package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** One time in milliseconds, -1 when there is none. */
public record TimestampResponseHeader(long timestamp) implements WireHeader {

  public static final HeaderReader<TimestampResponseHeader> FIELDS =
      fields -> new TimestampResponseHeader(fields.requiredLong("timestamp"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("timestamp", timestamp);
  }
}
