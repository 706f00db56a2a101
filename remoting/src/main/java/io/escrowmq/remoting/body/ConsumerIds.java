package io.escrowmq.remoting.body;

import java.util.List;

/** The ids of a group's clients (GET_CONSUMER_LIST_BY_GROUP). */
public record ConsumerIds(List<String> clientIds) implements JsonBody {

  public static ConsumerIds read(byte[] body) {
    return new ConsumerIds(JsonObject.read(body).texts("consumerIdList"));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().texts("consumerIdList", clientIds).endObject();
  }
}
