package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;

/**
 * PUSH_REPLY_MESSAGE_TO_CLIENT: a broker brings the reply to a request to the client that asked.
 *
 * @param sent the header by which the reply came to the broker, with the properties that it goes on with
 * @param bornHost who replied, as "ip:port"
 * @param storeHost the broker, as "ip:port"
 * @param storeTimestamp when the broker got it, in milliseconds
 */
public record PushReplyHeader(
    SendMessageHeader sent, String bornHost, String storeHost, long storeTimestamp)
    implements WireHeader {

  public static final HeaderReader<PushReplyHeader> FIELDS = fields -> new PushReplyHeader(
      SendMessageHeader.FIELDS_V1.read(fields),
      fields.requiredText("bornHost"),
      fields.requiredText("storeHost"),
      fields.requiredLong("storeTimestamp"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("producerGroup", sent.producerGroup())
        .put("topic", sent.topic())
        .put("defaultTopic", sent.defaultTopic())
        .put("defaultTopicQueueNums", sent.defaultTopicQueues())
        .put("queueId", sent.queueId())
        .put("sysFlag", sent.sysFlag())
        .put("bornTimestamp", sent.bornTimestamp())
        .put("flag", sent.flag())
        .put("properties", sent.properties())
        .put("reconsumeTimes", sent.reconsumeTimes())
        .put("unitMode", sent.unitMode())
        .put("bornHost", bornHost)
        .put("storeHost", storeHost)
        .put("storeTimestamp", storeTimestamp);
  }
}
