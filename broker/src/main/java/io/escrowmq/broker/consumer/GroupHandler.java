package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.edge.CallProposal;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.GroupConfigs;
import io.escrowmq.remoting.body.GroupForbidden;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DeleteGroupHeader;
import io.escrowmq.remoting.header.GroupForbiddenHeader;
import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.store.RecordKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators create, change and delete consumer groups. Any event loop. */
final class GroupHandler {

  private static final int MOST_FORBIDDEN = 1000; // topics of one group

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final LogLoop loop;

  GroupHandler(GroupCatalog groups, TopicCatalog topics, LogLoop loop) {
    this.groups = groups;
    this.topics = topics;
    this.loop = loop;
  }

  /** UPDATE_AND_CREATE_SUBSCRIPTIONGROUP. */
  void put(Call call, Fields none) {
    put(call, List.of(GroupConfig.read(call.bodyBytes())));
  }

  /** UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST: judges all before it changes the first. */
  void putAll(Call call, Fields none) {
    List<GroupConfig> wanted = GroupConfigs.read(call.bodyBytes()).groups();
    if (wanted.size() > GroupLimits.MOST_AT_ONCE) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the list has " + wanted.size() + " groups, at most " + GroupLimits.MOST_AT_ONCE
              + " are changed at once; send several lists"));
      return;
    }
    put(call, wanted);
  }

  private void put(Call call, List<GroupConfig> wanted) {
    new CallProposal(call, recorder -> RefusalPage.replyOrOk(put(recorder, wanted)), () -> {})
        .offerTo(loop);
  }

  private @Nullable Refusal put(Recorder recorder, List<GroupConfig> wanted) {
    GroupChanges changes = new GroupChanges(groups, recorder);
    for (GroupConfig config : wanted) {
      Refusal refusal = add(changes, config);
      if (refusal != null) {
        return new Refusal.OneOfMany("group " + config.group(), refusal, wanted.size());
      }
    }
    changes.record();
    return null;
  }

  private static @Nullable Refusal add(GroupChanges changes, GroupConfig config) {
    String refusal = GroupLimits.refusal(config);
    return refusal != null
        ? new Refusal.BadValue(refusal)
        : changes.add(merged(changes.find(config.group()), config));
  }

  private static Group merged(@Nullable Group before, GroupConfig config) {
    Map<String, String> attributes = new HashMap<>(before == null ? Map.of() : before.attributes());
    config.attributes().forEach((name, value) -> {
      if (name.startsWith("-")) {
        attributes.remove(name.substring(1));
      } else {
        attributes.put(name.startsWith("+") ? name.substring(1) : name, value);
      }
    });
    return new Group(
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
        attributes,
        before == null ? Set.of() : before.unreadableTopics());
  }

  /** DELETE_SUBSCRIPTIONGROUP; one that is not there is no error. */
  void delete(Call call, DeleteGroupHeader header) {
    String refusal = GroupNames.refusal(header.group());
    if (refusal != null) {
      call.reply(Reply.refused(ResponseCode.INVALID_PARAMETER, refusal));
      return;
    }
    new CallProposal(call, recorder -> RefusalPage.replyOrOk(delete(recorder, header)), () -> {})
        .offerTo(loop);
  }

  private static @Nullable Refusal delete(Recorder recorder, DeleteGroupHeader header) {
    byte[] payload =
        GroupRecords.deleted(recorder.nowMillis(), header.group(), header.cleanOffsets());
    if (!recorder.hasReserveRoom(payload.length)) {
      return Refusals.noRoom(recorder, payload.length);
    }
    recorder.record(RecordKind.GROUP_DELETED, 0, payload);
    return null;
  }

  /** UPDATE_AND_GET_GROUP_FORBIDDEN. */
  void forbid(Call call, GroupForbiddenHeader header) {
    if (topics.find(header.topic()) == null) {
      call.reply(Reply.refused(
          ResponseCode.TOPIC_NOT_EXIST, "the topic " + header.topic() + " does not exist"));
      return;
    }
    new CallProposal(call, recorder -> forbid(recorder, header), () -> {}).offerTo(loop);
  }

  private Reply forbid(Recorder recorder, GroupForbiddenHeader header) {
    Group before = groups.find(header.group());
    if (before == null) {
      return Reply.refused(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, GroupCreation.refusal(header.group()));
    }
    Set<String> unreadable = new HashSet<>(before.unreadableTopics());
    if (header.readable()) {
      unreadable.remove(header.topic());
    } else {
      unreadable.add(header.topic());
    }
    if (unreadable.size() > MOST_FORBIDDEN) {
      return Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the group " + before.name() + " is forbidden " + MOST_FORBIDDEN
              + " topics already; no more are allowed");
    }
    GroupChanges changes = new GroupChanges(groups, recorder);
    Refusal refusal = changes.add(before.withUnreadable(unreadable));
    if (refusal != null) {
      return RefusalPage.reply(refusal);
    }
    changes.record();
    return Reply.ok(
        new GroupForbidden(header.group(), header.topic(), header.readable()).toBytes());
  }
}
