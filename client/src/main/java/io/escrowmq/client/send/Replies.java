package io.escrowmq.client.send;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Message;
import io.escrowmq.client.NoRequesterException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.remoting.message.UniqueIds;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes replies of requests. Pure. */
final class Replies {

  private static final String REPLY = "reply"; // the type of message that says so

  private Replies() {}

  /**
   * The reply to a request, for the topic that leads to the requester.
   *
   * @throws NoRequesterException when the delivery is no request
   */
  static Outbound outbound(
      Delivery request, byte[] body, MessageEncoder encoder, UniqueIds ids, long nowMillis) {
    String cluster = required(request, PropertyNames.CLUSTER);
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(PropertyNames.MESSAGE_TYPE, REPLY);
    properties.put(PropertyNames.CORRELATION_ID, required(request, PropertyNames.CORRELATION_ID));
    properties.put(PropertyNames.REPLY_TO_CLIENT, required(request, PropertyNames.REPLY_TO_CLIENT));
    String patience = request.property(PropertyNames.TTL);
    if (patience != null) {
      properties.put(PropertyNames.TTL, patience);
    }
    Message message = Message.to(TopicNames.replyOf(cluster)).body(body);
    return encoder
        .encode(message, ids.next(nowMillis), Properties.format(properties), 0, nowMillis)
        .asReply();
  }

  private static String required(Delivery request, String property) {
    String value = request.property(property);
    if (value == null || value.isEmpty()) {
      throw new NoRequesterException(
          "the message " + request.messageId() + " from " + request.topic()
              + " is no request: it has no property " + property
              + "; reply only to what Producer.request has sent",
          null,
          null);
    }
    return value;
  }

  /** What the failed send of a reply means. */
  static Throwable meaning(Throwable failure) {
    ServerRefusedException refused = refused(failure);
    if (refused == null || refused.code() != ResponseCode.SYSTEM_ERROR.number()) {
      return failure;
    }
    return new NoRequesterException(
        String.valueOf(refused.getMessage()), refused.server(), failure);
  }

  private static @Nullable ServerRefusedException refused(Throwable failure) {
    if (failure instanceof ServerRefusedException direct) {
      return direct;
    }
    return failure.getCause() instanceof ServerRefusedException inside ? inside : null;
  }
}
