package io.escrowmq.broker.consumer;

import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.GroupConfigs;
import io.escrowmq.remoting.body.GroupForbidden;
import io.escrowmq.remoting.header.DeleteGroupHeader;
import io.escrowmq.remoting.header.GroupForbiddenHeader;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Operators create, change and delete consumer groups, as the protocol has it. Any event loop. */
final class GroupHandler {

  private final GroupEdits edits;

  GroupHandler(GroupEdits edits) {
    this.edits = edits;
  }

  /** UPDATE_AND_CREATE_SUBSCRIPTIONGROUP. */
  void put(Call call, GroupConfig config) {
    put(call, List.of(config));
  }

  /** UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST: judges all before it changes the first. */
  void putAll(Call call, GroupConfigs configs) {
    put(call, configs.groups());
  }

  private void put(Call call, List<GroupConfig> configs) {
    edits.put(
        configs.stream().map(GroupHandler::wish).toList(),
        new CallOutcome<>(call, count -> Reply.ok()));
  }

  private static GroupWish wish(GroupConfig config) {
    Group settings = new Group(
        config.group(),
        config.consumeEnabled(),
        config.consumeFromMinEnabled(),
        config.broadcastEnabled(),
        config.orderly(),
        config.retryQueues(),
        config.retriesAtMost(),
        config.brokerId(),
        config.whichBrokerWhenSlow(),
        config.notifiesConsumerIdsChanged(),
        config.sysFlag(),
        config.consumeTimeoutMinutes(),
        Map.of(),
        Set.of());
    return new GroupWish(settings, config.attributes());
  }

  /** DELETE_SUBSCRIPTIONGROUP. */
  void delete(Call call, DeleteGroupHeader header) {
    edits.delete(
        header.group(), header.cleanOffsets(), new CallOutcome<>(call, group -> Reply.ok()));
  }

  /** UPDATE_AND_GET_GROUP_FORBIDDEN. */
  void forbid(Call call, GroupForbiddenHeader header) {
    GroupForbidden told = new GroupForbidden(header.group(), header.topic(), header.readable());
    edits.forbid(
        header.group(),
        header.topic(),
        header.readable(),
        new CallOutcome<>(call, group -> Reply.ok(told.toBytes())));
  }
}
