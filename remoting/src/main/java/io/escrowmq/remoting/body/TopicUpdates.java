package io.escrowmq.remoting.body;

import java.util.List;
import java.util.Map;

/**
 * What has changed among a broker's topics (CHANGE_TOPICS).
 *
 * @param since the version of the topics that the name server is believed to know
 * @param version the version that they have with these changes
 * @param topics those that are new, or are not what they were
 * @param gone names of those that were deleted
 */
public record TopicUpdates(
    DataVersion since, DataVersion version, Map<String, TopicConfig> topics, List<String> gone)
    implements JsonBody {

  public static TopicUpdates read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new TopicUpdates(
        DataVersion.read(json.object("since")),
        DataVersion.read(json.object("version")),
        json.object("topics").objectsByName((name, topic) -> TopicConfig.read(topic), name -> name),
        json.texts("gone"));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().name("since");
    since.writeTo(json);
    json.name("version");
    version.writeTo(json);
    json.objects("topics", topics, TopicConfig::writeTo).texts("gone", gone).endObject();
  }
}
