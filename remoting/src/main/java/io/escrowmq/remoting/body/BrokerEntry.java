package io.escrowmq.remoting.body;

import java.util.Map;
import java.util.TreeMap;

/**
 * The brokers of one name.
 *
 * @param addresses broker id to "host:port"; id 0 is the master
 */
public record BrokerEntry(
    String cluster, String brokerName, Map<Long, String> addresses, boolean enableActingMaster)
    implements JsonBody {

  static BrokerEntry read(JsonObject json) {
    Map<Long, String> addresses = new TreeMap<>();
    json.object("brokerAddrs")
        .textsByName()
        .forEach((id, address) -> addresses.put(JsonObject.toLong("broker id", id), address));
    return new BrokerEntry(
        json.textOr("cluster", ""),
        json.textOr("brokerName", ""),
        addresses,
        json.booleanOr("enableActingMaster", false));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .texts("brokerAddrs", addresses)
        .member("brokerName", brokerName)
        .member("cluster", cluster)
        .member("enableActingMaster", enableActingMaster)
        .endObject();
  }
}
