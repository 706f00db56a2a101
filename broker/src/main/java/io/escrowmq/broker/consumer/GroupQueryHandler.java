package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.Pages;
import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.GroupTable;
import io.escrowmq.remoting.header.AllGroupConfigHeader;
import io.escrowmq.remoting.header.AllGroupConfigResponseHeader;
import io.escrowmq.remoting.header.GroupHeader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Operators and clients look at how consumer groups are set, as the protocol has it. Any event loop. */
final class GroupQueryHandler {

  private final GroupQueries queries;

  GroupQueryHandler(GroupQueries queries) {
    this.queries = queries;
  }

  /** GET_ALL_SUBSCRIPTIONGROUP_CONFIG. */
  void all(Call call, AllGroupConfigHeader header) {
    CallOutcome.answer(
        call, () -> told(queries.page(header.from(), header.most(), header.dataVersion())));
  }

  private static Reply told(Pages.Page<Group> page) {
    Map<String, GroupConfig> table = new LinkedHashMap<>();
    page.items().forEach(group -> table.put(group.name(), config(group)));
    return Reply.ok(
        new AllGroupConfigResponseHeader(page.total()),
        new GroupTable(page.version(), table).toBody());
  }

  /** GET_SUBSCRIPTIONGROUP_CONFIG. */
  void one(Call call, GroupHeader header) {
    CallOutcome.answer(call, () -> Reply.ok(config(queries.one(header.group())).toBytes()));
  }

  private static GroupConfig config(Group group) {
    return new GroupConfig(
        group.name(),
        group.consumeEnabled(),
        group.consumeFromMinEnabled(),
        group.broadcastEnabled(),
        group.ordered(),
        group.retryQueues(),
        group.mostRetries(),
        group.brokerId(),
        group.brokerIdWhenSlow(),
        group.notifyMembers(),
        group.sysFlag(),
        group.consumeTimeoutMinutes(),
        group.attributes());
  }
}
