package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** One configured value. */
public record KvValueResponseHeader(String value) implements WireHeader {

  public static final HeaderReader<KvValueResponseHeader> FIELDS =
      fields -> new KvValueResponseHeader(fields.requiredText("value"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("value", value);
  }
}
