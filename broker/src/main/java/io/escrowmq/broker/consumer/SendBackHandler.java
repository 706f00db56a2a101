package io.escrowmq.broker.consumer;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.header.SendBackHeader;

/** Consumers send messages back, as the protocol has it. Any event loop. */
final class SendBackHandler {

  private static final int LIMIT_IN_HEADER_SINCE = 121; // client versions before it sent garbage

  private final SendBacks sendBacks;

  SendBackHandler(SendBacks sendBacks) {
    this.sendBacks = sendBacks;
  }

  /** CONSUMER_SEND_MSG_BACK. */
  void accept(Call call, SendBackHeader header, Rights rights) {
    int mostTries = call.version() >= LIMIT_IN_HEADER_SINCE ? header.maxReconsumeTimes() : -1;
    sendBacks.sendBack(
        new SendBacks.Wish(
            header.group(), header.position(), header.delayLevel(), mostTries, rights),
        new Answer(call));
  }

  private record Answer(Call call) implements SendBacks.Outcome {

    @Override
    public void done() {
      call.reply(Reply.ok());
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
