package io.escrowmq.broker.admin;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.edge.CallProposal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.QueueNumbers;
import java.util.Map;

/** Operators have it tidied now instead of soon. Any event loop. */
final class HousekeepingHandler {

  private final LogLoop loop;
  private final RetentionDuty retention;

  HousekeepingHandler(LogLoop loop, RetentionDuty retention) {
    this.loop = loop;
    this.retention = retention;
  }

  /**
   * DELETE_EXPIRED_COMMITLOG and CLEAN_EXPIRED_CONSUMEQUEUE: what is too old goes, from the log and
   * from the queues, in the same turn of the log that answers.
   */
  void deleteExpired(Call call, Fields none) {
    new CallProposal(
            call,
            recorder -> {
              retention
                  .hurry(); // not done here: a request that fails between records stops the log
              return Reply.ok();
            },
            () -> {})
        .offerTo(loop);
  }

  /** CLEAN_UNUSED_TOPIC: a deleted topic's queues went with it, so nothing is ever left over. */
  void cleanUnusedTopics(Call call, Fields none) {
    call.reply(Reply.ok());
  }

  /** GET_ALL_DELAY_OFFSET: no delay level has a queue of its own, so none has an offset. */
  void delayOffsets(Call call, Fields none) {
    call.reply(Reply.ok(new QueueNumbers("offsetTable", Map.of()).toBytes()));
  }
}
