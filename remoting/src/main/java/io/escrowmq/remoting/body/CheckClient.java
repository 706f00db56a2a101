package io.escrowmq.remoting.body;

/** A consumer asks whether its subscription can be served (CHECK_CLIENT_CONFIG). */
public record CheckClient(String clientId, String group, SubscriptionEntry subscription) {

  public static CheckClient read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new CheckClient(
        json.textOr("clientId", ""),
        json.textOr("group", ""),
        SubscriptionEntry.read(json.object("subscriptionData")));
  }
}
