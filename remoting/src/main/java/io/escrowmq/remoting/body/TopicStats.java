package io.escrowmq.remoting.body;

import java.util.Map;

/** Where a topic's queues stand (GET_TOPIC_STATS_INFO). */
public record TopicStats(Map<MessageQueue, QueueRange> queues, double putTps) implements JsonBody {

  /**
   * One queue.
   *
   * @param lastStoreMillis 0 when the queue is empty
   */
  public record QueueRange(long minOffset, long maxOffset, long lastStoreMillis) {

    static QueueRange read(JsonObject json) {
      return new QueueRange(
          json.longOr("minOffset", 0),
          json.longOr("maxOffset", 0),
          json.longOr("lastUpdateTimestamp", 0));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("lastUpdateTimestamp", lastStoreMillis)
          .member("maxOffset", maxOffset)
          .member("minOffset", minOffset)
          .endObject();
    }
  }

  public static TopicStats read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new TopicStats(
        json.object("offsetTable")
            .objectsByName((name, range) -> QueueRange.read(range), MessageQueue::ofName),
        json.doubleOr("topicPutTps", 0));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject();
    QueueMap.write(json, "offsetTable", queues, QueueRange::writeTo);
    json.member("topicPutTps", putTps).endObject();
  }
}
