package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.Change;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.store.RecordKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Creates, changes and deletes consumer groups, whatever protocol asks for it. Any thread. */
final class GroupEdits {

  private static final int MOST_FORBIDDEN = 1000; // topics of one group

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final LogLoop loop;

  GroupEdits(GroupCatalog groups, TopicCatalog topics, LogLoop loop) {
    this.groups = groups;
    this.topics = topics;
    this.loop = loop;
  }

  /** Judges all before it changes the first; the outcome is how many there were. */
  void put(List<GroupWish> wishes, Change.Outcome<Integer> outcome) {
    if (wishes.size() > GroupLimits.MOST_AT_ONCE) {
      outcome.refused(new Refusal.BadValue("the list has " + wishes.size() + " groups, at most "
          + GroupLimits.MOST_AT_ONCE + " are changed at once; send several lists"));
      return;
    }
    new Change<>(recorder -> put(recorder, wishes), () -> {}, outcome).offerTo(loop);
  }

  private Integer put(Recorder recorder, List<GroupWish> wishes) {
    GroupChanges changes = new GroupChanges(groups, recorder);
    for (GroupWish wish : wishes) {
      String illegal = GroupLimits.refusal(wish);
      Refusal refusal = illegal != null
          ? new Refusal.BadValue(illegal)
          : changes.add(wish.after(changes.find(wish.name())));
      if (refusal != null) {
        throw new RefusedException(
            new Refusal.OneOfMany("group " + wish.name(), refusal, wishes.size()));
      }
    }
    changes.record();
    return wishes.size();
  }

  /** One that is not there is no error. */
  void delete(String group, boolean withOffsets, Change.Outcome<String> outcome) {
    String illegal = GroupNames.refusal(group);
    if (illegal != null) {
      outcome.refused(new Refusal.BadValue(illegal));
      return;
    }
    new Change<>(recorder -> delete(recorder, group, withOffsets), () -> {}, outcome).offerTo(loop);
  }

  private static String delete(Recorder recorder, String group, boolean withOffsets) {
    byte[] payload = GroupRecords.deleted(recorder.nowMillis(), group, withOffsets);
    if (!recorder.hasReserveRoom(payload.length)) {
      throw new RefusedException(Refusals.noRoom(recorder, payload.length));
    }
    recorder.record(RecordKind.GROUP_DELETED, 0, payload);
    return group;
  }

  /** Forbids the group to read a topic, or allows it. */
  void forbid(String group, String topic, boolean readable, Change.Outcome<Group> outcome) {
    if (topics.find(topic) == null) {
      outcome.refused(new Refusal.NoSuchTopic(topic));
      return;
    }
    new Change<>(recorder -> forbid(recorder, group, topic, readable), () -> {}, outcome)
        .offerTo(loop);
  }

  private Group forbid(Recorder recorder, String group, String topic, boolean readable) {
    Group before = groups.find(group);
    if (before == null) {
      throw new RefusedException(new Refusal.GroupNotCreated(GroupCreation.refusal(group)));
    }
    Set<String> unreadable = new HashSet<>(before.unreadableTopics());
    if (readable) {
      unreadable.remove(topic);
    } else {
      unreadable.add(topic);
    }
    if (unreadable.size() > MOST_FORBIDDEN) {
      throw new RefusedException(new Refusal.BadValue("the group " + before.name()
          + " is forbidden " + MOST_FORBIDDEN + " topics already; no more are allowed"));
    }
    Group after = before.withUnreadable(unreadable);
    GroupChanges changes = new GroupChanges(groups, recorder);
    RefusedException.throwIf(changes.add(after));
    changes.record();
    return after;
  }
}
