package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * REGISTER_BROKER.
 *
 * @param heartbeatTimeoutMillis how long the registration lives without a new one
 * @param allTopics whether the broker has no other topics than those in the body; ours say so,
 *     RocketMQ's may announce a changed topic alone
 * @param bodyCrc CRC-32 of the body as sent, without its highest bit; 0 is unchecked
 */
public record RegisterBrokerHeader(
    String brokerName,
    String brokerAddress,
    String cluster,
    @Nullable String haAddress,
    long brokerId,
    long heartbeatTimeoutMillis,
    boolean enableActingMaster,
    boolean compressed,
    int bodyCrc,
    boolean allTopics,
    @Nullable String zone)
    implements WireHeader, OfNames {

  public static final HeaderReader<RegisterBrokerHeader> FIELDS =
      fields -> new RegisterBrokerHeader(
          fields.requiredText("brokerName"),
          fields.requiredText("brokerAddr"),
          fields.requiredText("clusterName"),
          fields.text("haServerAddr"),
          fields.requiredLong("brokerId"),
          fields.longOr("heartbeatTimeoutMillis", 120_000),
          fields.booleanOr("enableActingMaster", false),
          fields.booleanOr("compressed", false),
          fields.intOr("bodyCrc32", 0),
          fields.booleanOr("allTopics", false),
          fields.text("__ZONE_NAME"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("brokerName", brokerName)
        .put("brokerAddr", brokerAddress)
        .put("clusterName", cluster)
        .put("haServerAddr", haAddress)
        .put("brokerId", brokerId)
        .put("heartbeatTimeoutMillis", heartbeatTimeoutMillis)
        .put("enableActingMaster", enableActingMaster)
        .put("compressed", compressed)
        .put("bodyCrc32", bodyCrc)
        .put("allTopics", allTopics)
        .put("__ZONE_NAME", zone);
  }

  @Override
  public void nameTo(Names names) {
    names.cluster(cluster);
    names.broker(brokerName);
  }
}
