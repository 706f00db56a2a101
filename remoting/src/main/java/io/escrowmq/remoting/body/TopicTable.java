package io.escrowmq.remoting.body;

import java.util.Map;

/** A broker's topics by name (GET_ALL_TOPIC_CONFIG, and within registrations). */
public record TopicTable(DataVersion version, Map<String, TopicConfig> topics) implements JsonBody {

  private static final DataVersion NO_MAPPINGS = new DataVersion(0, 0, 0);

  public static TopicTable read(byte[] body) {
    return read(JsonObject.read(body));
  }

  static TopicTable read(JsonObject json) {
    return new TopicTable(
        DataVersion.read(json.object("dataVersion")),
        json.object("topicConfigTable")
            .objectsByName((name, topic) -> TopicConfig.read(topic), name -> name));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().name("dataVersion");
    version.writeTo(json);
    json.name("mappingDataVersion");
    NO_MAPPINGS.writeTo(json);
    json.objects("topicConfigTable", topics, TopicConfig::writeTo)
        .object("topicQueueMappingDetailMap", none -> {})
        .object("topicQueueMappingInfoMap", none -> {})
        .endObject();
  }
}
