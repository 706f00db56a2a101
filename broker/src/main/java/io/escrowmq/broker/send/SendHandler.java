package io.escrowmq.broker.send;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.MessageId;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Sends as the protocol has them: a frame becomes a request, an outcome becomes an answer. */
public final class SendHandler {

  /** A refusal that was told before. */
  private record Told(Refusal why, Reply reply) {

    /** Whether the other one says the same, to a sixteenth of what it counts. */
    boolean isAbout(Refusal other) {
      return why instanceof Refusal.InboxFull before
          && other instanceof Refusal.InboxFull now
          && Math.abs(now.waiting() - before.waiting()) <= before.waiting() / 16;
    }
  }

  private final Sends sends;
  private volatile @Nullable Told told; // last
  private final String idPrefix;

  /** @param storeHost part of every message id */
  public SendHandler(Sends sends, InetSocketAddress storeHost) {
    this.sends = sends;
    this.idPrefix = MessageId.prefix(storeHost);
  }

  /** One message; or a batch, if the header says so. */
  public void accept(Call call, SendMessageHeader header, Rights rights) {
    if (header.batch()) {
      acceptBatch(call, header, rights);
    } else {
      sends.one(request(call, header, rights), new Answer(call, idPrefix));
    }
  }

  /** Several messages for one queue: all of them or none. */
  public void acceptBatch(Call call, SendMessageHeader header, Rights rights) {
    sends.batch(request(call, header, rights), new Answer(call, idPrefix));
  }

  /** The answer to whatever is sent now; null when it is taken. */
  public @Nullable Reply refusal() {
    Refusal full = sends.refusal();
    return full == null ? null : told(full);
  }

  // Under overload most requests end here: about the same number is told in the same words.
  private Reply told(Refusal full) {
    Told last = told;
    if (last != null && last.isAbout(full)) {
      return last.reply();
    }
    Reply reply = RefusalPage.reply(full);
    told = new Told(full, reply);
    return reply;
  }

  private static SendRequest request(Call call, SendMessageHeader header, Rights rights) {
    return new SendRequest(
        call.connection(),
        header.producerGroup(),
        header.topic(),
        header.queueId(),
        header.defaultTopic(),
        header.defaultTopicQueues(),
        call.body(),
        header.properties(),
        header.flag(),
        header.sysFlag(),
        header.bornTimestamp(),
        header.reconsumeTimes(),
        header.maxReconsumeTimes(),
        rights);
  }

  private record Answer(Call call, String idPrefix) implements MessageAppend.Outcome {

    @Override
    public void stored(Receipt where) {
      if (call.isOneWay()) {
        return;
      }
      call.reply(Reply.ok(new SendResponseHeader(
          MessageId.of(idPrefix, where.ids()),
          where.queueId(),
          where.queueOffset(),
          where.uniqueKey(),
          null,
          SendResponseHeader.DEFAULT_REGION,
          true)));
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
