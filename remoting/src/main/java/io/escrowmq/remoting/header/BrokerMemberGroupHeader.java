package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** GET_BROKER_MEMBER_GROUP. */
public record BrokerMemberGroupHeader(String cluster, String brokerName)
    implements WireHeader, OfNames {

  public static final HeaderReader<BrokerMemberGroupHeader> FIELDS =
      fields -> new BrokerMemberGroupHeader(
          fields.requiredText("clusterName"), fields.requiredText("brokerName"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("clusterName", cluster).put("brokerName", brokerName);
  }

  @Override
  public void nameTo(Names names) {
    names.cluster(cluster);
    names.broker(brokerName);
  }
}
