package io.escrowmq.remoting.body;

import java.util.Map;

/** Every group's offsets by "topic@group" and queue id (GET_ALL_CONSUMER_OFFSET). */
public record OffsetTable(Map<String, Map<Integer, Long>> offsets) implements JsonBody {

  public static OffsetTable read(byte[] body) {
    return new OffsetTable(JsonObject.read(body)
        .object("offsetTable")
        .objectsByName((name, queues) -> queues.longsByName(OffsetTable::queueId), name -> name));
  }

  private static int queueId(String name) {
    long id = JsonObject.toLong("queue id", name);
    if (id != (int) id) {
      throw new BadBodyException("the queue id '" + name + "' is not a 32-bit number");
    }
    return (int) id;
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .object(
            "offsetTable", table -> offsets.forEach((name, queues) -> table.longs(name, queues)))
        .endObject();
  }
}
