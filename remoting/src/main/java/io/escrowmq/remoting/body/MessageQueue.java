package io.escrowmq.remoting.body;

/** One queue of a topic on a broker, as bodies name it. */
public record MessageQueue(String topic, String brokerName, int queueId) implements JsonBody {

  static MessageQueue read(JsonObject json) {
    return new MessageQueue(
        json.textOr("topic", ""), json.textOr("brokerName", ""), json.intOr("queueId", 0));
  }

  /** The queue that stands as an object in a name's place. */
  static MessageQueue ofName(String name) {
    return read(JsonObject.read(name));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("brokerName", brokerName)
        .member("queueId", queueId)
        .member("topic", topic)
        .endObject();
  }
}
