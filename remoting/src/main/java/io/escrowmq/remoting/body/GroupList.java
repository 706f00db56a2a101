package io.escrowmq.remoting.body;

import java.util.List;

/** Group names (QUERY_TOPIC_CONSUME_BY_WHO). */
public record GroupList(List<String> groups) implements JsonBody {

  public static GroupList read(byte[] body) {
    return new GroupList(JsonObject.read(body).texts("groupList"));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().texts("groupList", groups).endObject();
  }
}
