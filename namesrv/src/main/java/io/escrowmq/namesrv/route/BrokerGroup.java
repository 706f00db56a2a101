package io.escrowmq.namesrv.route;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The brokers that share a name: one master and its slaves. Immutable.
 *
 * @param addresses "host:port" by broker id, never empty; 0 is the master
 */
public record BrokerGroup(
    String cluster,
    String brokerName,
    boolean enableActingMaster,
    SortedMap<Long, String> addresses) {

  public BrokerGroup {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }

  /** The master's address, or the lowest slave's when there is no master. */
  public String firstAddress() {
    return addresses.values().iterator().next();
  }
}
