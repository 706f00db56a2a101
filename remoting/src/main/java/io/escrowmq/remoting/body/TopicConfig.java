package io.escrowmq.remoting.body;

import java.util.Map;

/**
 * One topic of a broker.
 *
 * @param permission bits: 4 read, 2 write, 1 inherit
 * @param attributes with plain names
 */
public record TopicConfig(
    String topic,
    int readQueues,
    int writeQueues,
    int permission,
    int sysFlag,
    boolean order,
    Map<String, String> attributes)
    implements JsonBody {

  public static final String FILTER_TYPE = "SINGLE_TAG";

  public static TopicConfig read(byte[] body) {
    return read(JsonObject.read(body));
  }

  public static TopicConfig read(JsonObject json) {
    return new TopicConfig(
        json.requiredText("topicName"),
        json.intOr("readQueueNums", 16),
        json.intOr("writeQueueNums", 16),
        json.intOr("perm", 6),
        json.intOr("topicSysFlag", 0),
        json.booleanOr("order", false),
        json.object("attributes").textsByName());
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .texts("attributes", attributes)
        .member("order", order)
        .member("perm", permission)
        .member("readQueueNums", readQueues)
        .member("topicFilterType", FILTER_TYPE)
        .member("topicName", topic)
        .member("topicSysFlag", sysFlag)
        .member("writeQueueNums", writeQueues)
        .endObject();
  }
}
