package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** BROKER_HEARTBEAT: keeps a registration alive without repeating it. */
public record BrokerHeartbeatHeader(
    String cluster,
    String brokerAddress,
    String brokerName,
    long brokerId,
    long heartbeatTimeoutMillis)
    implements WireHeader, OfNames {

  public static final HeaderReader<BrokerHeartbeatHeader> FIELDS =
      fields -> new BrokerHeartbeatHeader(
          fields.requiredText("clusterName"),
          fields.requiredText("brokerAddr"),
          fields.requiredText("brokerName"),
          fields.longOr("brokerId", 0),
          fields.longOr("heartbeatTimeoutMills", 120_000));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("clusterName", cluster)
        .put("brokerAddr", brokerAddress)
        .put("brokerName", brokerName)
        .put("brokerId", brokerId)
        .put("heartbeatTimeoutMills", heartbeatTimeoutMillis);
  }

  @Override
  public void nameTo(Names names) {
    names.cluster(cluster);
    names.broker(brokerName);
  }
}
