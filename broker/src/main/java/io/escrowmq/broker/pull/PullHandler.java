package io.escrowmq.broker.pull;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.Group;
import io.escrowmq.broker.core.Arrivals;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.PullResponseHeader;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.StorageException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pulls: judges the request, looks into the queue, answers or lets it wait. Runs on event loops. */
public final class PullHandler {

  /** Consumer groups, by name; those among them that come into being by being used. */
  @FunctionalInterface
  public interface Groups {

    /** Null when there is none and none may be created. */
    @Nullable
    Group find(String name);
  }

  private static final Logger LOG = LoggerFactory.getLogger(PullHandler.class);

  private static final long SWEPT_WITHIN_MILLIS = 60_000; // longer waits are cut to it

  private final TopicCatalog topics;
  private final Groups groups;
  private final ClientRegistry clients;
  private final ConsumerOffsets offsets;
  private final CommitLog log;
  private final OffsetBeyondEnd beyondEnd;
  private final DeletedTopics deleted;
  private final PullSettings settings;
  private final Traffic traffic;
  private final Ticker ticker;
  private final QueueLook look;
  private final WaitingPulls waiting;

  public PullHandler(
      LogCore core,
      TopicFeature topics,
      Groups groups,
      ClientRegistry clients,
      ConsumerOffsets offsets,
      PullSettings settings,
      OffsetBeyondEnd beyondEnd,
      Traffic traffic) {
    this.topics = topics.catalog();
    this.groups = groups;
    this.clients = clients;
    this.offsets = offsets;
    this.deleted = topics.deleted();
    this.settings = settings;
    this.traffic = traffic;
    this.ticker = core.surroundings().ticker();
    this.log = core.log();
    this.beyondEnd = beyondEnd;
    this.look = new QueueLook(core.queues(), log, settings, core.unreadable());
    this.waiting =
        new WaitingPulls(settings.mostWaiting(), look, this.topics::deletions, this::again);
  }

  /** Who must be told of new messages. */
  public Arrivals arrivals() {
    return waiting;
  }

  /** Ends the waits that are over. Call it a few times a second, from any one thread. */
  public void onTick() {
    waiting.onTick(ticker.millis());
    if (!deleted.isEmpty()) {
      deleted.dropOld(ticker.millis());
    }
  }

  /** How many pulls wait now. */
  public int waiting() {
    return waiting.size();
  }

  /** The groups that wait for messages of a topic. */
  public Set<String> waitingOn(String topic) {
    return waiting.groupsOn(topic);
  }

  /** The topic is deleted: its consumers begin anew. */
  public void endWaiting(String topic) {
    waiting.end(topic);
  }

  /** All waits end, and none begins: each is answered with what is there. */
  public void endAllWaits() {
    waiting.endAll();
  }

  /** On how many queues; of some the last pull may just have gone. */
  int waitedOn() {
    return waiting.queues();
  }

  public void accept(Call call, PullMessageHeader header) {
    long deletions = topics.deletions();
    String group = header.consumerGroup();
    String topic = header.topic();
    if (startsAnew(call, group, topic, header.queueId()) && header.queueOffset() > 0) {
      moveTo(call, topic, header.queueId(), 0);
      return;
    }
    Reply refusal = refusal(group, topic, header.queueId());
    if (refusal != null) {
      call.reply(refusal);
      return;
    }
    Subscription subscription = subscription(header);
    if (subscription == null) {
      call.reply(Reply.refused(
          ResponseCode.SUBSCRIPTION_NOT_EXIST,
          "the consumer group " + group + " has not subscribed " + topic));
      return;
    }
    refusal = refusal(header, subscription);
    if (refusal != null) {
      call.reply(refusal);
      return;
    }
    if ((header.sysFlag() & PullFlags.COMMIT_OFFSET) != 0
        && header.commitOffset() <= look.end(topic, header.queueId())) {
      offsets.report(group, topic, header.queueId(), header.commitOffset());
    }
    if (isReset(call, group, topic, header.queueId(), header.queueOffset())) {
      return;
    }
    attempt(pull(call, header, subscription, deletions), false);
  }

  /** Whether an operator has set the group's offset, and it is told so only now. */
  private boolean isReset(Call call, String group, String topic, int queueId, long from) {
    long reset = offsets.pulling(group, topic, queueId, from);
    if (reset == ConsumerOffsets.NONE || reset == from) {
      return false;
    }
    moveTo(call, topic, queueId, reset);
    return true;
  }

  /** Whether the group has read a topic of this name that was deleted, and is told so only now. */
  private boolean startsAnew(Call call, String group, String topic, int queueId) {
    if (deleted.isEmpty()) {
      return false;
    }
    Connection member = clients.isBroadcasting(group) ? call.connection() : null;
    return deleted.tell(topic, new DeletedTopics.Reader(group, queueId, member));
  }

  private void moveTo(Call call, String topic, int queueId, long offset) {
    answer(call, look.outside(topic, queueId, offset), ResponseCode.PULL_OFFSET_MOVED, Body.EMPTY);
  }

  private Pull pull(
      Call call, PullMessageHeader header, Subscription subscription, long deletions) {
    boolean mayWait = (header.sysFlag() & PullFlags.SUSPEND) != 0;
    long wait = Math.min(Math.max(0, header.suspendTimeoutMillis()), SWEPT_WITHIN_MILLIS);
    return new Pull(
        call,
        header.consumerGroup(),
        header.topic(),
        header.queueId(),
        header.queueOffset(),
        subscription,
        !bringsSubscription(header),
        Math.max(1, Math.min(header.maxMessages(), mostMessages(header))),
        Math.max(1, Math.min(header.maxBytes(), settings.mostBytes())),
        mayWait ? ticker.millis() + wait : Long.MIN_VALUE,
        deletions);
  }

  private int mostMessages(PullMessageHeader header) {
    boolean takesMany = (header.sysFlag() & PullFlags.ESCROW_MANY) != 0;
    return takesMany ? settings.mostMessages() : settings.usualMessages();
  }

  // A pull that waited: messages came, its deadline did, or its topic was deleted.
  private void again(Pull pull) {
    if (!pull.call().connection().isOpen()) {
      return; // nobody would hear the answer
    }
    long deletions = topics.deletions();
    if (pull.deletions() != deletions
        && startsAnew(pull.call(), pull.group(), pull.topic(), pull.queueId())
        && pull.offset() > 0) {
      moveTo(pull.call(), pull.topic(), pull.queueId(), 0);
      return;
    }
    Reply refusal = refusal(pull.group(), pull.topic(), pull.queueId());
    if (refusal != null) {
      pull.call().reply(refusal);
      return;
    }
    if (isReset(pull.call(), pull.group(), pull.topic(), pull.queueId(), pull.offset())) {
      return;
    }
    attemptAgain(pull.deletions() == deletions ? pull : pull.judgedAfter(deletions));
  }

  private void attemptAgain(Pull pull) {
    Subscription now =
        pull.followsGroup() ? clients.subscription(pull.group(), pull.topic()) : null;
    attempt(now == null || now.trouble() != null ? pull : pull.wanting(now), true);
  }

  private void attempt(Pull pull, boolean waited) {
    StorageException failure = log.failure();
    if (failure != null) {
      refuse(pull, "the log failed, and nothing is read before a restart: " + failure.getMessage());
      return;
    }
    PullResult result;
    try {
      result = look.look(pull);
    } catch (StorageException e) { // of the queue, not of a message: no offset moves
      refuse(pull, String.valueOf(e.getMessage()));
      return;
    }
    switch (result.status()) {
      case FOUND -> answerFound(pull, result);
      case AT_THE_END -> waitOrAnswer(pull, result, ResponseCode.PULL_NOT_FOUND);
      case NO_MATCH -> {
        if (waited) {
          waitOrAnswer(pull.from(result.nextOffset()), result, ResponseCode.PULL_RETRY_IMMEDIATELY);
        } else {
          answer(pull.call(), result, ResponseCode.PULL_RETRY_IMMEDIATELY, Body.EMPTY);
        }
      }
      case OUTSIDE -> answer(pull.call(), result, ResponseCode.PULL_OFFSET_MOVED, Body.EMPTY);
      case BEYOND_END ->
        answer(
            pull.call(),
            result.from(nextOfBeyond(pull, result)),
            ResponseCode.PULL_OFFSET_MOVED,
            Body.EMPTY);
      case UNREADABLE -> refuse(pull, String.valueOf(result.remark()));
    }
  }

  private long nextOfBeyond(Pull pull, PullResult result) {
    long next = result.maxOffset();
    if (beyondEnd == OffsetBeyondEnd.RECORDED) {
      long recorded = offsets.find(pull.group(), pull.topic(), pull.queueId());
      boolean isInQueue = recorded >= result.minOffset() && recorded <= result.maxOffset();
      next = isInQueue ? recorded : result.minOffset();
    }
    traffic.beyondEnd();
    LOG.warn(
        "{} pulls {}/{} at offset {}, which is behind its end {}: it goes on at {}"
            + " (group.offset-beyond-end)",
        pull.group(),
        pull.topic(),
        pull.queueId(),
        pull.offset(),
        result.maxOffset(),
        next);
    return next;
  }

  // Clients of the protocol try again after a second, at the same offset.
  private static void refuse(Pull pull, String why) {
    pull.call().reply(Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, why));
  }

  private void waitOrAnswer(Pull pull, PullResult result, ResponseCode code) {
    if (!pull.mayWait(ticker.millis()) || !waiting.add(pull)) {
      traffic.missed();
      answer(pull.call(), result, code, Body.EMPTY);
    }
  }

  private void answerFound(Pull pull, PullResult result) {
    FoundMessages found = result.found();
    if (found == null) {
      throw new IllegalStateException("found, but nothing there");
    }
    traffic.delivered(pull.topic(), pull.group(), found.count(), found.length());
    answer(pull.call(), result, ResponseCode.SUCCESS, found);
  }

  private static void answer(Call call, PullResult result, ResponseCode code, Body body) {
    PullResponseHeader header =
        new PullResponseHeader(0, result.nextOffset(), result.minOffset(), result.maxOffset());
    String status = result.status().name();
    String remark = result.remark();
    call.reply(new Reply(code, remark == null ? status : status + "; " + remark, header, body));
  }

  private @Nullable Reply refusal(String groupName, String topicName, int queueId) {
    Group group = groups.find(groupName);
    if (group == null) {
      return Reply.refused(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
          "the consumer group " + groupName + " does not exist");
    }
    if (!group.consumeEnabled()) {
      return Reply.refused(
          ResponseCode.NO_PERMISSION, "the consumer group " + group.name() + " may not consume");
    }
    Topic topic = topics.find(topicName);
    if (topic == null) {
      return Reply.refused(
          ResponseCode.TOPIC_NOT_EXIST, "the topic " + topicName + " does not exist");
    }
    if (!topic.isReadable()) {
      return Reply.refused(
          ResponseCode.NO_PERMISSION, "the topic " + topic.name() + " may not be read");
    }
    if (queueId < 0 || queueId >= topic.readQueues()) {
      return Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the topic " + topic.name() + " has " + topic.readQueues()
              + " queues to read; there is no queue " + queueId);
    }
    if (!group.broadcastEnabled() && clients.isBroadcasting(group.name())) {
      return Reply.refused(
          ResponseCode.NO_PERMISSION,
          "the consumer group " + group.name() + " may not consume by broadcasting, because its"
              + " consumeBroadcastEnable is false; consume by clustering, or set it to true");
    }
    if (!group.mayRead(topic.name())) {
      return Reply.refused(
          ResponseCode.NO_PERMISSION,
          "the consumer group " + group.name() + " is forbidden to read " + topic.name());
    }
    return null;
  }

  /** What the pull itself says that it wants, or else what its group does; null when nobody says. */
  private @Nullable Subscription subscription(PullMessageHeader header) {
    Subscription ofGroup = clients.subscription(header.consumerGroup(), header.topic());
    if (!bringsSubscription(header)) {
      return ofGroup;
    }
    String expression = header.subscription() == null ? "" : header.subscription();
    if (ofGroup != null && ofGroup.says(expression, header.expressionType())) {
      return ofGroup; // so it is not compiled for each pull: 4 us of a short SQL92 expression
    }
    return Subscription.parse(
        header.topic(), expression, header.expressionType(), header.subVersion());
  }

  private static @Nullable Reply refusal(PullMessageHeader header, Subscription subscription) {
    String trouble = subscription.trouble();
    if (bringsSubscription(header)) {
      return trouble == null
          ? null
          : Reply.refused(ResponseCode.SUBSCRIPTION_PARSE_FAILED, trouble);
    }
    if (subscription.version() < header.subVersion()) {
      return Reply.refused(
          ResponseCode.SUBSCRIPTION_NOT_LATEST,
          "the subscription of " + header.topic() + " is older than the consumer's");
    }
    return trouble == null ? null : Reply.refused(ResponseCode.FILTER_DATA_NOT_EXIST, trouble);
  }

  private static boolean bringsSubscription(PullMessageHeader header) {
    return (header.sysFlag() & PullFlags.SUBSCRIPTION) != 0;
  }
}
