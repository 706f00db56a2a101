package io.escrowmq.broker.admin;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.metrics.FlowStatistics;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.BrokerStats;
import io.escrowmq.remoting.header.BrokerStatsHeader;

/** Operators look how much goes through topics and groups, as the protocol has it. Any event loop. */
final class StatsHandler {

  private final FlowStatistics flows;

  StatsHandler(FlowStatistics flows) {
    this.flows = flows;
  }

  /** VIEW_BROKER_STATS_DATA. */
  void view(Call call, BrokerStatsHeader header) {
    BrokerStats found = flows.find(header.name(), header.key());
    call.reply(
        found == null
            ? RefusalPage.reply(new Refusal.NoStatistic(header.name(), header.key()))
            : Reply.ok(found.toBytes()));
  }
}
