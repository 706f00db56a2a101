package io.escrowmq.broker.send;

import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.MessageId;
import org.jspecify.annotations.Nullable;

/** Answers a send when its messages are safe. */
final class SendReply implements MessageAppend.Outcome {

  private final Call call;
  private final Traffic traffic;
  private final String topic;
  private final String idPrefix;
  private final @Nullable String uniqueKey;
  private final long bytes;

  SendReply(
      Call call,
      Traffic traffic,
      String topic,
      String idPrefix,
      @Nullable String uniqueKey,
      long bytes) {
    this.call = call;
    this.traffic = traffic;
    this.topic = topic;
    this.idPrefix = idPrefix;
    this.uniqueKey = uniqueKey;
    this.bytes = bytes;
  }

  @Override
  public void stored(Stored where) {
    if (where.repeated()) {
      traffic.repeated();
    } else {
      traffic.stored(topic, where.messages(), bytes);
    }
    if (call.isOneWay()) {
      return;
    }
    call.reply(Reply.ok(new SendResponseHeader(
        MessageId.of(idPrefix, where.ids()),
        where.queueId(),
        where.queueOffset(),
        uniqueKey,
        null,
        SendResponseHeader.DEFAULT_REGION,
        true)));
  }

  @Override
  public void refused(Reply why) {
    traffic.refused();
    call.reply(why);
  }
}
