package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Pages;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.GroupTable;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.AllGroupConfigHeader;
import io.escrowmq.remoting.header.AllGroupConfigResponseHeader;
import io.escrowmq.remoting.header.GroupHeader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Operators and clients look at how consumer groups are set. Any event loop. */
final class GroupQueries {

  private static final int GROUP_BYTES = 512; // as JSON, without its name

  private final GroupCreation creation;
  private final LogLoop loop;
  private final Pages<Group> pages;

  GroupQueries(GroupCatalog groups, GroupCreation creation, LogLoop loop) {
    this.creation = creation;
    this.loop = loop;
    this.pages = new Pages<>(new Pages.Source<>(
        () -> told(groups.version()),
        groups::all,
        Group::name,
        groups::find,
        GroupQueries::jsonBytes));
  }

  /** GET_ALL_SUBSCRIPTIONGROUP_CONFIG: a page, or all if they fit an answer. */
  void all(Call call, AllGroupConfigHeader header) {
    Pages.Page<Group> page;
    try {
      page = pages.page(header.from(), header.most(), header.dataVersion());
    } catch (Pages.TooLongException e) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "the settings of all groups: " + e.getMessage() + "; ask in pages (groupSeq,"
              + " maxGroupNum), as tools of RocketMQ 5.5 do"));
      return;
    }
    Map<String, GroupConfig> table = new LinkedHashMap<>();
    page.items().forEach(group -> table.put(group.name(), config(group)));
    call.reply(Reply.ok(
        new AllGroupConfigResponseHeader(page.total()),
        new GroupTable(page.version(), table).toBody()));
  }

  /** GET_SUBSCRIPTIONGROUP_CONFIG: creates it if use creates groups, because asking is a use. */
  void one(Call call, GroupHeader header) {
    Group group = creation.findOrCreate(header.group(), loop);
    call.reply(
        group == null
            ? Reply.refused(
                ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, GroupCreation.refusal(header.group()))
            : Reply.ok(config(group).toBytes()));
  }

  private static DataVersion told(GroupVersion version) {
    return new DataVersion(version.counter(), 0, version.timestampMillis());
  }

  private static long jsonBytes(Group group) {
    return GROUP_BYTES + 2L * group.name().length() + Pages.jsonBytes(group.attributes());
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
