package io.escrowmq.remoting.body;

import java.util.Map;

/**
 * One topic of a broker.
 *
 * @param permission bits: 4 read, 2 write, 1 inherit
 * @param multiTags a message may carry several tags: the filter type MULTI_TAG, not SINGLE_TAG
 * @param attributes with plain names
 */
public record TopicConfig(
    String topic,
    int readQueues,
    int writeQueues,
    int permission,
    boolean multiTags,
    int sysFlag,
    boolean order,
    Map<String, String> attributes)
    implements JsonBody {

  private static final String SINGLE_TAG = "SINGLE_TAG";
  private static final String MULTI_TAG = "MULTI_TAG";

  public static TopicConfig read(byte[] body) {
    return read(JsonObject.read(body));
  }

  public static TopicConfig read(JsonObject json) {
    return new TopicConfig(
        json.requiredText("topicName"),
        json.intOr("readQueueNums", 16),
        json.intOr("writeQueueNums", 16),
        json.intOr("perm", 6),
        MULTI_TAG.equals(json.text("topicFilterType")),
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
        .member("topicFilterType", filterType())
        .member("topicName", topic)
        .member("topicSysFlag", sysFlag)
        .member("writeQueueNums", writeQueues)
        .endObject();
  }

  String filterType() {
    return multiTags ? MULTI_TAG : SINGLE_TAG;
  }
}
