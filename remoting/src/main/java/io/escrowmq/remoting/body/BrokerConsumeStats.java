package io.escrowmq.remoting.body;

import java.util.List;
import java.util.Map;

/** How far every group of a broker has come (GET_BROKER_CONSUME_STATS). */
public record BrokerConsumeStats(
    String brokerAddress,
    List<Map<String, List<ConsumeStats>>> groups,
    long totalDiff,
    long totalInFlight)
    implements JsonBody {

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("brokerAddr", brokerAddress)
        .objects("consumeStatsList", groups, (group, out) -> {
          out.beginObject();
          group.forEach((name, stats) -> out.objects(name, stats, ConsumeStats::writeTo));
          out.endObject();
        })
        .member("totalDiff", totalDiff)
        .member("totalInflightDiff", totalInFlight)
        .endObject();
  }
}
