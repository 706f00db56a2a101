package io.escrowmq.remoting.body;

/** Whether a group may read a topic (UPDATE_AND_GET_GROUP_FORBIDDEN). */
public record GroupForbidden(String group, String topic, boolean readable) implements JsonBody {

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("group", group)
        .member("readable", readable)
        .member("topic", topic)
        .endObject();
  }
}
