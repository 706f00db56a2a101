package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** VIEW_BROKER_STATS_DATA. */
public record BrokerStatsHeader(String name, String key) implements WireHeader, OfNames {

  public static final HeaderReader<BrokerStatsHeader> FIELDS = fields ->
      new BrokerStatsHeader(fields.requiredText("statsName"), fields.requiredText("statsKey"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("statsName", name).put("statsKey", key);
  }

  /** The key of a statistic is a topic, or "topic@group"; of one of a broker, its cluster. */
  @Override
  public void nameTo(Names names) {
    if (name.startsWith("BROKER_")) {
      names.cluster(key);
      return;
    }
    int at = key.indexOf('@'); // no name holds one
    names.topic(at < 0 ? key : key.substring(0, at));
    if (at >= 0) {
      names.group(key.substring(at + 1));
    }
  }
}
