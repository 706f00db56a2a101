package io.escrowmq.remoting.body;

import io.escrowmq.remoting.OfNames;
import java.util.List;

/** A client of an orderly group locks or unlocks queues (LOCK_BATCH_MQ, UNLOCK_BATCH_MQ). */
public record QueueLock(
    String consumerGroup, String clientId, List<MessageQueue> queues, boolean onlyThisBroker)
    implements JsonBody, OfNames {

  public static QueueLock read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new QueueLock(
        json.requiredText("consumerGroup"),
        json.requiredText("clientId"),
        json.objects("mqSet", MessageQueue::read),
        json.booleanOr("onlyThisBroker", false));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("clientId", clientId)
        .member("consumerGroup", consumerGroup)
        .objects("mqSet", queues, MessageQueue::writeTo)
        .member("onlyThisBroker", onlyThisBroker)
        .endObject();
  }

  @Override
  public void nameTo(Names names) {
    names.group(consumerGroup);
    queues.forEach(queue -> names.topic(queue.topic()));
  }
}
