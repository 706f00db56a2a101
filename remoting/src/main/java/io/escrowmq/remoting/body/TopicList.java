package io.escrowmq.remoting.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Topic names.
 *
 * @param brokerAddress a broker that knows more, where the request's page says so
 */
public record TopicList(List<String> topics, @Nullable String brokerAddress) implements JsonBody {

  public static TopicList read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new TopicList(json.texts("topicList"), json.text("brokerAddr"));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .texts("topicList", topics)
        .member("brokerAddr", brokerAddress)
        .endObject();
  }
}
