package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;

/** GET_TOPICS_BY_CLUSTER. */
public record ClusterHeader(String cluster) implements WireHeader, OfNames {

  public static final HeaderReader<ClusterHeader> FIELDS =
      fields -> new ClusterHeader(fields.requiredText("cluster"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("cluster", cluster);
  }

  @Override
  public void nameTo(Names names) {
    names.cluster(cluster);
  }
}
