package io.escrowmq.remoting.body;

/** What a group wants of a topic (QUERY_SUBSCRIPTION_BY_CONSUMER). */
public record SubscriptionOfGroup(String group, SubscriptionEntry subscription)
    implements JsonBody {

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().member("group", group).name("subscriptionData");
    subscription.writeTo(json);
    json.member("topic", subscription.topic()).endObject();
  }
}
