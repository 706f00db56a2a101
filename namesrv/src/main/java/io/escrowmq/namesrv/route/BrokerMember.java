package io.escrowmq.namesrv.route;

/**
 * One broker of a group of brokers that share a name. Immutable.
 *
 * @param brokerId 0 for the master, above 0 for slaves
 * @param address "host:port" where clients reach it
 */
public record BrokerMember(String cluster, String brokerName, long brokerId, String address) {

  /** As it stands in the log. */
  @Override
  public String toString() {
    return "the broker " + brokerName + " at " + address + " (id " + brokerId + ", cluster "
        + cluster + ")";
  }
}
