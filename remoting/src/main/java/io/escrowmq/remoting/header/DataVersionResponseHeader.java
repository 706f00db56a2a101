package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** Whether the asked version differs from the registered one. */
public record DataVersionResponseHeader(boolean changed) implements WireHeader {

  public static final HeaderReader<DataVersionResponseHeader> FIELDS =
      fields -> new DataVersionResponseHeader(fields.booleanOr("changed", true));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("changed", changed);
  }
}
