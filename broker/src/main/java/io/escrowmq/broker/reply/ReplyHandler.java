package io.escrowmq.broker.reply;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.PushReplyHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.net.InetSocketAddress;

/** Replies as the protocol has them. Runs on event loops. */
final class ReplyHandler {

  private static final String NOT_STORED = "0"; // the message id that clients know for it

  private final Replies replies;
  private final String storeHost;

  /** @param storeHost the address "ip:port" that clients are told */
  ReplyHandler(Replies replies, String storeHost) {
    this.replies = replies;
    this.storeHost = storeHost;
  }

  /** SEND_REPLY_MESSAGE and SEND_REPLY_MESSAGE_V2. */
  void accept(Call call, SendMessageHeader header) {
    Replies.ReplyMessage reply = new Replies.ReplyMessage(
        header.topic(),
        header.queueId(),
        header.properties(),
        call.body().remaining(),
        nowMillis -> push(call, header, nowMillis));
    replies.deliver(reply, new DeliveryAnswer(call, Math.max(0, header.queueId())));
  }

  private Request push(Call call, SendMessageHeader header, long nowMillis) {
    String properties = Properties.appended(
        header.properties(), PropertyNames.PUSH_REPLY_TIME, Long.toString(nowMillis));
    InetSocketAddress from = call.connection().remoteAddress();
    PushReplyHeader pushed = new PushReplyHeader(
        header.withProperties(properties),
        from.getAddress().getHostAddress() + ":" + from.getPort(),
        storeHost,
        nowMillis);
    return new Request(RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT, pushed, Body.of(call.bodyBytes()));
  }

  private record DeliveryAnswer(Call call, int queueId) implements Replies.Outcome {

    @Override
    public void delivered() {
      call.reply(Reply.ok(new SendResponseHeader(
          NOT_STORED, queueId, 0, null, null, SendResponseHeader.DEFAULT_REGION, true)));
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
