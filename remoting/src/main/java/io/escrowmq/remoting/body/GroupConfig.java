package io.escrowmq.remoting.body;

import io.escrowmq.remoting.OfGroup;
import java.util.Map;

/**
 * One consumer group of a broker.
 *
 * @param retryQueues queues of its retry topic
 * @param retriesAtMost deliveries after the first, before a message goes to dead letter
 * @param attributes with plain names; in a request they may carry the signs + and -
 */
public record GroupConfig(
    String group,
    boolean consumeEnabled,
    boolean consumeFromMinEnabled,
    boolean broadcastEnabled,
    boolean orderly,
    int retryQueues,
    int retriesAtMost,
    long brokerId,
    long whichBrokerWhenSlow,
    boolean notifiesConsumerIdsChanged,
    int sysFlag,
    int consumeTimeoutMinutes,
    Map<String, String> attributes)
    implements JsonBody, OfGroup {

  /** A group as the protocol's own brokers create it. */
  public static GroupConfig of(String group) {
    return new GroupConfig(group, true, true, true, false, 1, 16, 0, 1, true, 0, 15, Map.of());
  }

  public static GroupConfig read(byte[] body) {
    return read(JsonObject.read(body));
  }

  public static GroupConfig read(JsonObject json) {
    return new GroupConfig(
        json.requiredText("groupName"),
        json.booleanOr("consumeEnable", true),
        json.booleanOr("consumeFromMinEnable", true),
        json.booleanOr("consumeBroadcastEnable", true),
        json.booleanOr("consumeMessageOrderly", false),
        json.intOr("retryQueueNums", 1),
        json.intOr("retryMaxTimes", 16),
        json.longOr("brokerId", 0),
        json.longOr("whichBrokerWhenConsumeSlowly", 1),
        json.booleanOr("notifyConsumerIdsChangedEnable", true),
        json.intOr("groupSysFlag", 0),
        json.intOr("consumeTimeoutMinute", 15),
        json.object("attributes").textsByName());
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .texts("attributes", attributes)
        .member("brokerId", brokerId)
        .member("consumeBroadcastEnable", broadcastEnabled)
        .member("consumeEnable", consumeEnabled)
        .member("consumeFromMinEnable", consumeFromMinEnabled)
        .member("consumeMessageOrderly", orderly)
        .member("consumeTimeoutMinute", consumeTimeoutMinutes)
        .member("groupName", group)
        .object("groupRetryPolicy", policy -> policy.member("type", "CUSTOMIZED"))
        .member("groupSysFlag", sysFlag)
        .member("notifyConsumerIdsChangedEnable", notifiesConsumerIdsChanged)
        .member("retryMaxTimes", retriesAtMost)
        .member("retryQueueNums", retryQueues)
        .member("whichBrokerWhenConsumeSlowly", whichBrokerWhenSlow)
        .endObject();
  }

  @Override
  public String groupName() {
    return group;
  }
}
