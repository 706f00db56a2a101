package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** WIPE_WRITE_PERM_OF_BROKER, ADD_WRITE_PERM_OF_BROKER. */
public record BrokerNameHeader(String brokerName) implements WireHeader, OfNames {

  public static final HeaderReader<BrokerNameHeader> FIELDS =
      fields -> new BrokerNameHeader(fields.requiredText("brokerName"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("brokerName", brokerName);
  }

  @Override
  public void nameTo(Names names) {
    names.broker(brokerName);
  }
}
