package io.escrowmq.broker.pull;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.PullResponseHeader;

/** Pulls as the protocol has them: a frame becomes a request, a result becomes an answer. */
public final class PullHandler {

  private final Pulls pulls;

  PullHandler(Pulls pulls) {
    this.pulls = pulls;
  }

  /** The core that it speaks to. */
  public Pulls pulls() {
    return pulls;
  }

  public void accept(Call call, PullMessageHeader header) {
    int flags = header.sysFlag();
    PullRequest request = new PullRequest(
        new QueueReader(header.consumerGroup(), header.topic(), header.queueId()),
        header.queueOffset(),
        new PullLimits(header.maxMessages(), header.maxBytes()),
        (flags & PullFlags.ESCROW_MANY) != 0,
        (flags & PullFlags.SUSPEND) != 0,
        header.suspendTimeoutMillis(),
        (flags & PullFlags.COMMIT_OFFSET) != 0 ? header.commitOffset() : PullRequest.NO_COMMIT,
        new PullRequest.Filter(
            (flags & PullFlags.SUBSCRIPTION) != 0,
            header.subscription(),
            header.expressionType(),
            header.subVersion()));
    pulls.pull(request, new Answer(call));
  }

  record Answer(Call call) implements Pulls.Outcome {

    @Override
    public Connection connection() {
      return call.connection();
    }

    @Override
    public void giveWay() {
      call.giveWay();
    }

    @Override
    public void ended(PullResult result) {
      PullResponseHeader header =
          new PullResponseHeader(0, result.nextOffset(), result.minOffset(), result.maxOffset());
      String status = result.status().name();
      String remark = result.remark();
      Body body = result.found() == null ? Body.EMPTY : result.found();
      call.reply(new Reply(
          code(result.status()), remark == null ? status : status + "; " + remark, header, body));
    }

    private static ResponseCode code(PullResult.Status status) {
      return switch (status) {
        case FOUND -> ResponseCode.SUCCESS;
        case AT_THE_END -> ResponseCode.PULL_NOT_FOUND;
        case NO_MATCH -> ResponseCode.PULL_RETRY_IMMEDIATELY;
        case OUTSIDE, BEYOND_END -> ResponseCode.PULL_OFFSET_MOVED;
        case UNREADABLE -> ResponseCode.SERVICE_NOT_AVAILABLE;
      };
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
