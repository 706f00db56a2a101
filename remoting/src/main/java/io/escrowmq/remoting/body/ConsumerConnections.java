package io.escrowmq.remoting.body;

import java.util.List;
import java.util.Map;

/** A consumer group that is online (GET_CONSUMER_CONNECTION_LIST). */
public record ConsumerConnections(
    List<ConnectionEntry> connections,
    String consumeType,
    String messageModel,
    String consumeFromWhere,
    Map<String, SubscriptionEntry> subscriptions)
    implements JsonBody {

  public static ConsumerConnections read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new ConsumerConnections(
        json.objects("connectionSet", ConnectionEntry::read),
        json.textOr("consumeType", ""),
        json.textOr("messageModel", ""),
        json.textOr("consumeFromWhere", ""),
        json.object("subscriptionTable")
            .objectsByName((topic, entry) -> SubscriptionEntry.read(entry), topic -> topic));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .objects("connectionSet", connections, ConnectionEntry::writeTo)
        .member("consumeFromWhere", consumeFromWhere)
        .member("consumeType", consumeType)
        .member("messageModel", messageModel)
        .objects("subscriptionTable", subscriptions, SubscriptionEntry::writeTo)
        .endObject();
  }
}
