package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** The version of a configuration, as DataVersion JSON. */
public record BrokerConfigResponseHeader(String version) implements WireHeader {

  public static final HeaderReader<BrokerConfigResponseHeader> FIELDS =
      fields -> new BrokerConfigResponseHeader(fields.requiredText("version"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("version", version);
  }
}
