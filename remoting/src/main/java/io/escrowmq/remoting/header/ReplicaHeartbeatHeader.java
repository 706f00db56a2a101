package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/**
 * HEARTBEAT_CONTROLLER: a replica is alive. The answer has the group's state, if the replica knows an older one.
 *
 * @param brokerName its group
 * @param incarnation which opening of its directory it is
 * @param lastEpoch in which the last record of its log was written; 0: it has none
 * @param end where its log ends
 * @param version the state that it knows; 0: none
 */
public record ReplicaHeartbeatHeader(
    String brokerName, int replica, long incarnation, int lastEpoch, long end, long version)
    implements WireHeader, OfNames {

  public static final HeaderReader<ReplicaHeartbeatHeader> FIELDS =
      fields -> new ReplicaHeartbeatHeader(
          fields.requiredText("brokerName"),
          fields.requiredInt("replica"),
          fields.requiredLong("incarnation"),
          fields.requiredInt("lastEpoch"),
          fields.requiredLong("end"),
          fields.requiredLong("version"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("brokerName", brokerName)
        .put("replica", replica)
        .put("incarnation", incarnation)
        .put("lastEpoch", lastEpoch)
        .put("end", end)
        .put("version", version);
  }

  @Override
  public void nameTo(Names names) {
    names.broker(brokerName);
  }
}
