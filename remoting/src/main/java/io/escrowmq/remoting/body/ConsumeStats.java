package io.escrowmq.remoting.body;

import java.util.Map;

/** How far a group has come on its queues (GET_CONSUME_STATS). */
public record ConsumeStats(double consumeTps, Map<MessageQueue, QueueProgress> queues)
    implements JsonBody {

  /**
   * One queue.
   *
   * @param brokerOffset the queue's end
   * @param consumerOffset what the group has consumed up to
   * @param pullOffset what it has fetched up to
   * @param lastMillis store time of the last consumed message, 0 when there is none
   */
  public record QueueProgress(
      long brokerOffset, long consumerOffset, long pullOffset, long lastMillis) {

    static QueueProgress read(JsonObject json) {
      return new QueueProgress(
          json.longOr("brokerOffset", 0),
          json.longOr("consumerOffset", 0),
          json.longOr("pullOffset", 0),
          json.longOr("lastTimestamp", 0));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("brokerOffset", brokerOffset)
          .member("consumerOffset", consumerOffset)
          .member("lastTimestamp", lastMillis)
          .member("pullOffset", pullOffset)
          .endObject();
    }
  }

  public static ConsumeStats read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new ConsumeStats(
        json.doubleOr("consumeTps", 0),
        json.object("offsetTable")
            .objectsByName((name, progress) -> QueueProgress.read(progress), MessageQueue::ofName));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().member("consumeTps", consumeTps);
    QueueMap.write(json, "offsetTable", queues, QueueProgress::writeTo);
    json.endObject();
  }
}
