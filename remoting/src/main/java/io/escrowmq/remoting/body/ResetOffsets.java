package io.escrowmq.remoting.body;

import java.util.Map;

/** Where queues are to be consumed from (INVOKE_BROKER_TO_RESET_OFFSET and what it sends on). */
public record ResetOffsets(Map<MessageQueue, Long> offsets) implements JsonBody {

  public static ResetOffsets read(byte[] body) {
    return new ResetOffsets(
        JsonObject.read(body).object("offsetTable").longsByName(MessageQueue::ofName));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject();
    QueueMap.writeLongs(json, "offsetTable", offsets);
    json.endObject();
  }

  /** The form that clients written in C++ read. */
  public byte[] toCppBytes() {
    JsonWriter json = new JsonWriter();
    json.beginObject().name("offsetTable").beginList();
    offsets.forEach((queue, offset) -> json.beginObject()
        .member("brokerName", queue.brokerName())
        .member("offset", offset)
        .member("queueId", queue.queueId())
        .member("topic", queue.topic())
        .endObject());
    return json.endList().endObject().toBytes();
  }
}
