package io.escrowmq.remoting.body;

import java.util.Map;
import java.util.function.BiConsumer;

/** Maps whose keys are queues, written with raw objects as names. */
final class QueueMap {

  private QueueMap() {}

  static <V> void write(
      JsonWriter json, String name, Map<MessageQueue, V> values, BiConsumer<V, JsonWriter> value) {
    json.name(name).beginObject();
    values.forEach((queue, v) -> {
      json.objectName(queue::writeTo);
      value.accept(v, json);
    });
    json.endObject();
  }

  static void writeLongs(JsonWriter json, String name, Map<MessageQueue, Long> values) {
    write(json, name, values, (value, out) -> out.value(value));
  }
}
