package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/** VIEW_BROKER_STATS_DATA. */
public record BrokerStatsHeader(String name, String key) implements WireHeader {

  public static final HeaderReader<BrokerStatsHeader> FIELDS = fields ->
      new BrokerStatsHeader(fields.requiredText("statsName"), fields.requiredText("statsKey"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("statsName", name).put("statsKey", key);
  }
}
