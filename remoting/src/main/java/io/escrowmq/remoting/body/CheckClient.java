package io.escrowmq.remoting.body;

import io.escrowmq.remoting.OfNames;

/** A consumer asks whether its subscription can be served (CHECK_CLIENT_CONFIG). */
public record CheckClient(String clientId, String group, SubscriptionEntry subscription)
    implements JsonBody, OfNames {

  public static CheckClient read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new CheckClient(
        json.textOr("clientId", ""),
        json.textOr("group", ""),
        SubscriptionEntry.read(json.object("subscriptionData")));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().member("clientId", clientId).member("group", group).name("subscriptionData");
    subscription.writeTo(json);
    json.endObject();
  }

  @Override
  public void nameTo(Names names) {
    names.group(group);
    names.topic(subscription.topic());
  }
}
