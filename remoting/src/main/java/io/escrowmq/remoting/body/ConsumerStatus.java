package io.escrowmq.remoting.body;

import java.util.Map;

/**
 * How far clients say they are.
 *
 * @param queues one client's answer (GET_CONSUMER_STATUS_FROM_CLIENT)
 * @param clients all answers by client id (INVOKE_BROKER_TO_GET_CONSUMER_STATUS)
 */
public record ConsumerStatus(
    Map<MessageQueue, Long> queues, Map<String, Map<MessageQueue, Long>> clients)
    implements JsonBody {

  public static ConsumerStatus read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new ConsumerStatus(
        json.object("messageQueueTable").longsByName(MessageQueue::ofName),
        json.object("consumerTable")
            .objectsByName(
                (client, queues) -> queues.longsByName(MessageQueue::ofName), client -> client));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .object(
            "consumerTable",
            table ->
                clients.forEach((client, offsets) -> QueueMap.writeLongs(table, client, offsets)));
    QueueMap.writeLongs(json, "messageQueueTable", queues);
    json.endObject();
  }
}
