package io.escrowmq.remoting.body;

import io.escrowmq.remoting.OfNames;
import java.util.List;

/**
 * A client says that it lives, and in which groups (HEART_BEAT).
 *
 * @param fingerprint not 0 only in the shorter form of heartbeats
 * @param withoutSubscriptions the subscriptions were left out because they did not change
 */
public record Heartbeat(
    String clientId,
    List<ConsumerEntry> consumers,
    List<String> producerGroups,
    int fingerprint,
    boolean withoutSubscriptions)
    implements JsonBody, OfNames {

  /**
   * The client's part in one consumer group.
   *
   * @param consumeType CONSUME_ACTIVELY, CONSUME_PASSIVELY or CONSUME_POP
   * @param messageModel CLUSTERING or BROADCASTING
   * @param consumeFromWhere where a group without an offset begins
   */
  public record ConsumerEntry(
      String group,
      String consumeType,
      String messageModel,
      String consumeFromWhere,
      List<SubscriptionEntry> subscriptions,
      boolean unitMode) {

    static ConsumerEntry read(JsonObject json) {
      return new ConsumerEntry(
          json.requiredText("groupName"),
          json.textOr("consumeType", "CONSUME_PASSIVELY"),
          json.textOr("messageModel", "CLUSTERING"),
          json.textOr("consumeFromWhere", "CONSUME_FROM_LAST_OFFSET"),
          json.objects("subscriptionDataSet", SubscriptionEntry::read),
          json.booleanOr("unitMode", false));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("consumeFromWhere", consumeFromWhere)
          .member("consumeType", consumeType)
          .member("groupName", group)
          .member("messageModel", messageModel)
          .objects("subscriptionDataSet", subscriptions, SubscriptionEntry::writeTo)
          .member("unitMode", unitMode)
          .endObject();
    }
  }

  public static Heartbeat read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new Heartbeat(
        json.requiredText("clientID"),
        json.objects("consumerDataSet", ConsumerEntry::read),
        json.objects("producerDataSet", producer -> producer.requiredText("groupName")),
        json.intOr("heartbeatFingerprint", 0),
        json.booleanOr("withoutSub", false));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("clientID", clientId)
        .objects("consumerDataSet", consumers, ConsumerEntry::writeTo)
        .member("heartbeatFingerprint", fingerprint)
        .objects(
            "producerDataSet",
            producerGroups,
            (group, out) -> out.beginObject().member("groupName", group).endObject())
        .member("withoutSub", withoutSubscriptions)
        .endObject();
  }

  @Override
  public void nameTo(Names names) {
    producerGroups.forEach(names::group);
    for (ConsumerEntry consumer : consumers) {
      names.group(consumer.group());
      consumer.subscriptions().forEach(wanted -> names.topic(wanted.topic()));
    }
  }
}
