package io.escrowmq.remoting.body;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every broker that is registered (GET_BROKER_CLUSTER_INFO).
 *
 * @param brokers by broker name
 * @param clusters broker names by cluster name
 */
public record ClusterTable(Map<String, BrokerEntry> brokers, Map<String, List<String>> clusters)
    implements JsonBody {

  public static ClusterTable read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    JsonObject clusters = json.object("clusterAddrTable");
    Map<String, List<String>> names = new LinkedHashMap<>();
    clusters.names().forEach(name -> names.put(name, clusters.texts(name)));
    return new ClusterTable(
        json.object("brokerAddrTable")
            .objectsByName((name, broker) -> BrokerEntry.read(broker), name -> name),
        names);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .objects("brokerAddrTable", brokers, BrokerEntry::writeTo)
        .object(
            "clusterAddrTable",
            table -> clusters.forEach((name, members) -> table.texts(name, members)))
        .endObject();
  }
}
