package io.escrowmq.remoting.body;

import java.util.Map;

/** A broker's consumer groups by name (GET_ALL_SUBSCRIPTIONGROUP_CONFIG). */
public record GroupTable(DataVersion version, Map<String, GroupConfig> groups) implements JsonBody {

  public static GroupTable read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new GroupTable(
        DataVersion.read(json.object("dataVersion")),
        json.object("subscriptionGroupTable")
            .objectsByName((name, group) -> GroupConfig.read(group), name -> name));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().name("dataVersion");
    version.writeTo(json);
    json.object("forbiddenTable", none -> {})
        .objects("subscriptionGroupTable", groups, GroupConfig::writeTo)
        .endObject();
  }
}
