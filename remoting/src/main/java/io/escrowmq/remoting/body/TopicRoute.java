package io.escrowmq.remoting.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which brokers serve a topic (GET_ROUTEINFO_BY_TOPIC).
 *
 * @param orderConfiguration "broker-a:4;broker-b:4" for ordered topics
 */
public record TopicRoute(
    List<QueueEntry> queues,
    List<BrokerEntry> brokers,
    @Nullable String orderConfiguration) implements JsonBody {

  /** A topic's queues on the brokers of one name. */
  public record QueueEntry(
      String brokerName, int readQueues, int writeQueues, int permission, int sysFlag) {

    static QueueEntry read(JsonObject json) {
      return new QueueEntry(
          json.textOr("brokerName", ""),
          json.intOr("readQueueNums", 0),
          json.intOr("writeQueueNums", 0),
          json.intOr("perm", 0),
          json.intOr("topicSysFlag", 0));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("brokerName", brokerName)
          .member("perm", permission)
          .member("readQueueNums", readQueues)
          .member("topicSysFlag", sysFlag)
          .member("writeQueueNums", writeQueues)
          .endObject();
    }
  }

  public static TopicRoute read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new TopicRoute(
        json.objects("queueDatas", QueueEntry::read),
        json.objects("brokerDatas", BrokerEntry::read),
        json.text("orderTopicConf"));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .objects("brokerDatas", brokers, BrokerEntry::writeTo)
        .object("filterServerTable", none -> {})
        .member("orderTopicConf", orderConfiguration)
        .objects("queueDatas", queues, QueueEntry::writeTo)
        .endObject();
  }
}
