package io.escrowmq.broker.consumer;

import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;

/** Consumers ask where they stand, and say how far they are. Runs on event loops. */
final class OffsetHandler {

  private final OffsetReports reports;

  OffsetHandler(OffsetReports reports) {
    this.reports = reports;
  }

  /** QUERY_CONSUMER_OFFSET. */
  void query(Call call, QueryConsumerOffsetHeader header) {
    CallOutcome.answer(
        call,
        () -> Reply.ok(new OffsetResponseHeader(reports.find(
            header.consumerGroup(),
            header.topic(),
            header.queueId(),
            header.setZeroIfNotFound()))));
  }

  /** UPDATE_CONSUMER_OFFSET. */
  void update(Call call, UpdateConsumerOffsetHeader header) {
    call.reply(RefusalPage.replyOrOk(reports.report(
        call.connection(),
        header.consumerGroup(),
        header.topic(),
        header.queueId(),
        header.commitOffset())));
  }
}
