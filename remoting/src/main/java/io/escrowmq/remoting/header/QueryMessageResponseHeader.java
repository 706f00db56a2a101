package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** How far the key index reached. */
public record QueryMessageResponseHeader(
    long indexLastUpdateTimestamp, long indexLastUpdatePosition) implements WireHeader {

  public static final HeaderReader<QueryMessageResponseHeader> FIELDS =
      fields -> new QueryMessageResponseHeader(
          fields.requiredLong("indexLastUpdateTimestamp"),
          fields.requiredLong("indexLastUpdatePhyoffset"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("indexLastUpdateTimestamp", indexLastUpdateTimestamp)
        .put("indexLastUpdatePhyoffset", indexLastUpdatePosition);
  }
}
