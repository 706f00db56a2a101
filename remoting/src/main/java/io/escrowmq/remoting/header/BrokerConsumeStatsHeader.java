package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** GET_BROKER_CONSUME_STATS. */
public record BrokerConsumeStatsHeader(boolean ordered) implements WireHeader {

  public static final HeaderReader<BrokerConsumeStatsHeader> FIELDS =
      fields -> new BrokerConsumeStatsHeader(fields.booleanOr("isOrder", false));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("isOrder", ordered);
  }
}
