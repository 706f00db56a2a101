package io.escrowmq.remoting.body;

import java.util.Map;

/** Names and values: broker runtime numbers, configured values of a namespace. */
public record KvTable(Map<String, String> table) implements JsonBody {

  public static KvTable read(byte[] body) {
    return new KvTable(JsonObject.read(body).object("table").textsByName());
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().texts("table", table).endObject();
  }
}
