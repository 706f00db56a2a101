package io.escrowmq.broker.pull;

import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueueHeader;
import io.escrowmq.remoting.header.SearchOffsetHeader;
import io.escrowmq.remoting.header.TimestampResponseHeader;
import java.util.function.LongSupplier;

/** Questions about queues, as the protocol has them. Any event loop. */
final class OffsetQueryHandler {

  private final OffsetQueries queries;

  OffsetQueryHandler(OffsetQueries queries) {
    this.queries = queries;
  }

  /** GET_MAX_OFFSET. */
  void max(Call call, QueueHeader header) {
    answer(call, () -> queries.max(header.topic(), header.queueId()));
  }

  /** GET_MIN_OFFSET. */
  void min(Call call, QueueHeader header) {
    answer(call, () -> queries.min(header.topic(), header.queueId()));
  }

  /** SEARCH_OFFSET_BY_TIMESTAMP: UPPER is the last not newer, all else the first not older. */
  void byTime(Call call, SearchOffsetHeader header) {
    answer(
        call,
        "UPPER".equalsIgnoreCase(header.boundaryType())
            ? () -> queries.atOrBefore(header.topic(), header.queueId(), header.timestamp())
            : () -> queries.atOrAfter(header.topic(), header.queueId(), header.timestamp()));
  }

  /** GET_EARLIEST_MSG_STORETIME. */
  void earliestTime(Call call, QueueHeader header) {
    CallOutcome.answer(
        call,
        () -> Reply.ok(
            new TimestampResponseHeader(queries.earliestMillis(header.topic(), header.queueId()))));
  }

  private static void answer(Call call, LongSupplier question) {
    CallOutcome.answer(call, () -> Reply.ok(new OffsetResponseHeader(question.getAsLong())));
  }
}
