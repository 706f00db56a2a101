package io.escrowmq.remoting.body;

import java.util.List;
import java.util.Map;

/** Every producer group that is online (GET_ALL_PRODUCER_INFO). */
public record ProducerTable(Map<String, List<Producer>> groups) implements JsonBody {

  /** One producer's connection. */
  public record Producer(
      String clientId, String remoteAddress, String language, int version, long lastUpdateMillis) {

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("clientId", clientId)
          .member("language", language)
          .member("lastUpdateTimestamp", lastUpdateMillis)
          .member("remoteIP", remoteAddress)
          .member("version", version)
          .endObject();
    }
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .object(
            "data",
            data -> groups.forEach(
                (group, producers) -> data.objects(group, producers, Producer::writeTo)))
        .endObject();
  }
}
