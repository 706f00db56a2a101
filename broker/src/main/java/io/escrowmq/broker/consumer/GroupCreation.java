package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.topic.AutoTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.RecordKind;
import org.jspecify.annotations.Nullable;

/** Groups, and their retry topics, that come into being by being used. */
public final class GroupCreation {

  /** More groups than this are not created by being used. */
  private static final int MOST_GROUPS = 100_000;

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final boolean byUse;

  /**
   * @param byUse whether a group is created by its first consumer; false: an operator must do it
   */
  public GroupCreation(GroupCatalog groups, TopicCatalog topics, boolean byUse) {
    this.groups = groups;
    this.topics = topics;
    this.byUse = byUse;
  }

  // Any thread

  /**
   * The group; one with defaults when it does not exist and may be created by being used; null when
   * it may not.
   */
  public @Nullable Group find(String name) {
    Group group = groups.find(name);
    if (group != null) {
      return group;
    }
    boolean allowed = byUse
        && groups.size() < MOST_GROUPS
        && topics.hasRoomByUse() // for its retry topic
        && GroupNames.refusal(name) == null
        && groups.refusal(Group.withDefaults(name)) == null;
    return allowed ? Group.withDefaults(name) : null;
  }

  /**
   * As {@link #find}, and a group that does not exist yet is on its way into the log. That may get
   * lost without harm: until it is there, each use brings it up again.
   */
  public @Nullable Group findOrCreate(String name, LogLoop loop) {
    Group group = find(name);
    if (group != null && groups.find(name) == null) {
      loop.offer(new InnerProposal(recorder -> complete(name, recorder), () -> {}));
    }
    return group;
  }

  /** Whether the group and its retry topic exist. */
  boolean isComplete(String name) {
    Group group = groups.find(name);
    return group != null
        && (group.retryQueues() <= 0 || topics.find(TopicNames.retryOf(name)) != null);
  }

  /** Why there is no such group and none is created; for answers. */
  static String refusal(String name) {
    String illegal = GroupNames.refusal(name);
    return illegal != null
        ? illegal
        : "the consumer group " + name
            + " does not exist, and is not created by being used: that is"
            + " switched off (group.auto-create), or there are " + MOST_GROUPS
            + " groups, or as many topics as topic.auto-create-max says, or as many groups as the heap"
            + " is to hold; create it with updateSubGroup";
  }

  // The log loop

  /**
   * Records what is missing of the group and its retry topic. The topic is a real one, so that name
   * servers know on which brokers the group is.
   */
  void complete(String name, Recorder recorder) {
    Group group = find(name);
    if (group == null) {
      return;
    }
    if (groups.find(name) == null) {
      recordIfRoom(RecordKind.GROUP, GroupRecords.changed(recorder.nowMillis(), group), recorder);
    }
    String retry = TopicNames.retryOf(name);
    if (topics.find(retry) == null && group.retryQueues() > 0 && topics.hasRoom()) {
      Topic topic = AutoTopics.forRetry(retry, group.retryQueues());
      if (topics.memoryRefusal(topic) == null) {
        recordIfRoom(RecordKind.TOPIC, TopicRecords.changed(recorder.nowMillis(), topic), recorder);
      }
    }
  }

  private static void recordIfRoom(RecordKind kind, byte[] payload, Recorder recorder) {
    if (recorder.hasReserveRoom(payload.length)) {
      recorder.record(kind, 0, payload);
    }
  }
}
