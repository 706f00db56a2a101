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

  private static final int MOST_QUEUES_A_BROKER = 65_535;
  private static final int MOST_QUEUES = 1 << 18;

  /** A topic's queues on the brokers of one name. */
  public record QueueEntry(
      String brokerName, int readQueues, int writeQueues, int permission, int sysFlag) {

    static QueueEntry read(JsonObject json) {
      return new QueueEntry(
          json.textOr("brokerName", ""),
          queues(json, "readQueueNums"),
          queues(json, "writeQueueNums"),
          json.intOr("perm", 0),
          json.intOr("topicSysFlag", 0));
    }

    private static int queues(JsonObject json, String name) {
      int count = json.intOr(name, 0);
      if (count < 0 || count > MOST_QUEUES_A_BROKER) {
        throw new BadBodyException("the route's '" + name + "' is " + count + ", between 0 and "
            + MOST_QUEUES_A_BROKER + " are allowed");
      }
      return count;
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

  /** A route with more queues than a client can keep is refused: each may become an object. */
  public static TopicRoute read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    List<QueueEntry> queues = json.objects("queueDatas", QueueEntry::read);
    long all = queues.stream()
        .mapToLong(it -> Math.max(it.readQueues(), it.writeQueues()))
        .sum();
    if (all > MOST_QUEUES) {
      throw new BadBodyException("the route has " + all + " queues on " + queues.size()
          + " brokers, at most " + MOST_QUEUES + " are allowed");
    }
    return new TopicRoute(
        queues, json.objects("brokerDatas", BrokerEntry::read), json.text("orderTopicConf"));
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
