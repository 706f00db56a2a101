package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** QUERY_DATA_VERSION. */
public record QueryDataVersionHeader(
    String brokerName, String brokerAddress, String cluster, long brokerId)
    implements WireHeader, OfNames {

  public static final HeaderReader<QueryDataVersionHeader> FIELDS =
      fields -> new QueryDataVersionHeader(
          fields.requiredText("brokerName"),
          fields.requiredText("brokerAddr"),
          fields.requiredText("clusterName"),
          fields.requiredLong("brokerId"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("brokerName", brokerName)
        .put("brokerAddr", brokerAddress)
        .put("clusterName", cluster)
        .put("brokerId", brokerId);
  }

  @Override
  public void nameTo(Names names) {
    names.cluster(cluster);
    names.broker(brokerName);
  }
}
