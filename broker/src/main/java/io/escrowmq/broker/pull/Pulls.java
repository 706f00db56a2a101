package io.escrowmq.broker.pull;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.Group;
import io.escrowmq.broker.core.Arrivals;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.remoting.Connection;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.StorageException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls, whatever protocol they came by: judges the request, looks into the queue, tells what is there or
 * lets the pull wait. Runs on event loops.
 */
public final class Pulls {

  /** Who pulls, and how it is told what became of the pull: once, on its connection's event loop. */
  public interface Outcome {

    /** By which the pull came; when it is closed, nothing is told. */
    Connection connection();

    /** Looking was much work for the event loop: other connections come before this one's next pull. */
    void giveWay();

    /** The receiver of the result releases what was found. */
    void ended(PullResult result);

    void refused(Refusal why);
  }

  /** Consumer groups, by name; those among them that come into being by being used. */
  @FunctionalInterface
  public interface Groups {

    /** Null when there is none and none may be created. */
    @Nullable
    Group find(String name);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

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

  public Pulls(
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

  /** Looks for messages now, or later when there are none and the pull may wait. */
  public void pull(PullRequest request, Outcome outcome) {
    try {
      PullResult result = result(request, outcome);
      if (result != null) {
        outcome.ended(result);
      }
    } catch (RefusedException e) {
      outcome.refused(e.refusal());
    }
  }

  /** What the pull gets; null when it waits. */
  private @Nullable PullResult result(PullRequest request, Outcome outcome) {
    long deletions = topics.deletions();
    String group = request.reader().group();
    String topic = request.reader().topic();
    int queueId = request.reader().queueId();
    if (startsAnew(outcome, group, topic, queueId) && request.offset() > 0) {
      return look.outside(topic, queueId, 0);
    }
    checkReader(group, topic, queueId);
    Subscription subscription = subscription(request);
    if (request.commitOffset() != PullRequest.NO_COMMIT
        && request.commitOffset() <= look.end(topic, queueId)) {
      offsets.report(group, topic, queueId, request.commitOffset());
    }
    PullResult reset = reset(group, topic, queueId, request.offset());
    return reset != null ? reset : attempt(pull(outcome, request, subscription, deletions), false);
  }

  /** Not null when an operator has set the group's offset, and it is told so only now. */
  private @Nullable PullResult reset(String group, String topic, int queueId, long from) {
    long reset = offsets.pulling(group, topic, queueId, from);
    return reset == ConsumerOffsets.NONE || reset == from
        ? null
        : look.outside(topic, queueId, reset);
  }

  /** Whether the group has read a topic of this name that was deleted, and is told so only now. */
  private boolean startsAnew(Outcome outcome, String group, String topic, int queueId) {
    if (deleted.isEmpty()) {
      return false;
    }
    Connection member = clients.isBroadcasting(group) ? outcome.connection() : null;
    return deleted.tell(topic, new DeletedTopics.Reader(group, queueId, member));
  }

  private Pull pull(
      Outcome outcome, PullRequest request, Subscription subscription, long deletions) {
    long wait = Math.min(Math.max(0, request.waitMillis()), SWEPT_WITHIN_MILLIS);
    return new Pull(
        outcome,
        request.reader(),
        request.offset(),
        limits(request),
        subscription,
        !request.filter().isBrought(),
        request.mayWait() ? ticker.millis() + wait : Long.MIN_VALUE,
        deletions);
  }

  private PullLimits limits(PullRequest request) {
    int messages = request.takesMany() ? settings.mostMessages() : settings.usualMessages();
    return new PullLimits(
        Math.max(1, Math.min(request.limits().messages(), messages)),
        Math.max(1, Math.min(request.limits().bytes(), settings.mostBytes())));
  }

  // A pull that waited: messages came, its deadline did, or its topic was deleted.
  private void again(Pull pull) {
    if (!pull.outcome().connection().isOpen()) {
      return; // the answer would reach no client
    }
    try {
      PullResult result = resultAgain(pull);
      if (result != null) {
        pull.outcome().ended(result);
      }
    } catch (RefusedException e) {
      pull.outcome().refused(e.refusal());
    }
  }

  private @Nullable PullResult resultAgain(Pull pull) {
    long deletions = topics.deletions();
    if (pull.deletions() != deletions
        && startsAnew(pull.outcome(), pull.group(), pull.topic(), pull.queueId())
        && pull.offset() > 0) {
      return look.outside(pull.topic(), pull.queueId(), 0);
    }
    checkReader(pull.group(), pull.topic(), pull.queueId());
    PullResult reset = reset(pull.group(), pull.topic(), pull.queueId(), pull.offset());
    return reset != null ? reset : attempt(renewed(pull, deletions), true);
  }

  /** The same pull, judged now, for what its group wants by now. */
  private Pull renewed(Pull pull, long deletions) {
    Pull judged = pull.deletions() == deletions ? pull : pull.judgedAfter(deletions);
    Subscription now =
        pull.followsGroup() ? clients.subscription(pull.group(), pull.topic()) : null;
    return now == null || now.trouble() != null ? judged : judged.wanting(now);
  }

  private @Nullable PullResult attempt(Pull pull, boolean waited) {
    StorageException failure = log.failure();
    if (failure != null) {
      throw new RefusedException(new Refusal.NothingReadable(
          "the log failed, and nothing is read before a restart: " + failure.getMessage()));
    }
    PullResult result;
    try {
      result = look.look(pull);
    } catch (StorageException e) { // of the queue, not of a message: no offset moves
      throw new RefusedException(new Refusal.NothingReadable(String.valueOf(e.getMessage())));
    }
    return switch (result.status()) {
      case FOUND -> delivered(pull, result);
      case AT_THE_END -> waits(pull) ? null : result;
      case NO_MATCH -> waited && waits(pull.from(result.nextOffset())) ? null : result;
      case OUTSIDE -> result;
      case BEYOND_END -> result.from(nextOfBeyond(pull, result));
      case UNREADABLE ->
        throw new RefusedException(new Refusal.NothingReadable(String.valueOf(result.remark())));
    };
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

  /** Whether the pull waits from now on; false when it may not, or when too many do. */
  private boolean waits(Pull pull) {
    if (pull.mayWait(ticker.millis()) && waiting.add(pull)) {
      return true;
    }
    traffic.missed();
    return false;
  }

  private PullResult delivered(Pull pull, PullResult result) {
    FoundMessages found = result.found();
    if (found == null) {
      throw new IllegalStateException("found, but nothing there");
    }
    traffic.delivered(pull.topic(), pull.group(), found.count(), found.length());
    return result;
  }

  /** Throws {@link RefusedException} when the group may not read the queue. */
  private void checkReader(String groupName, String topicName, int queueId) {
    Group group = groups.find(groupName);
    if (group == null) {
      throw new RefusedException(new Refusal.NoSuchGroup(groupName));
    }
    if (!group.consumeEnabled()) {
      throw new RefusedException(new Refusal.GroupMayNotConsume(group.name()));
    }
    Topic topic = topics.find(topicName);
    if (topic == null) {
      throw new RefusedException(new Refusal.NoSuchTopic(topicName));
    }
    if (!topic.isReadable()) {
      throw new RefusedException(new Refusal.TopicNotReadable(topic.name()));
    }
    if (queueId < 0 || queueId >= topic.readQueues()) {
      throw new RefusedException(
          new Refusal.NoSuchReadQueue(topic.name(), topic.readQueues(), queueId));
    }
    if (!group.broadcastEnabled() && clients.isBroadcasting(group.name())) {
      throw new RefusedException(new Refusal.GroupMayNotBroadcast(group.name()));
    }
    if (!group.mayRead(topic.name())) {
      throw new RefusedException(new Refusal.TopicForbidden(group.name(), topic.name()));
    }
  }

  /** What the pull itself says that it wants, or else what its group does. */
  private Subscription subscription(PullRequest request) {
    String group = request.reader().group();
    String topic = request.reader().topic();
    PullRequest.Filter filter = request.filter();
    Subscription ofGroup = clients.subscription(group, topic);
    if (filter.isBrought()) {
      return ownSubscription(topic, filter, ofGroup);
    }
    if (ofGroup == null) {
      throw new RefusedException(new Refusal.NotSubscribed(group, topic));
    }
    if (ofGroup.version() < filter.version()) {
      throw new RefusedException(new Refusal.SubscriptionTooOld(topic));
    }
    if (ofGroup.trouble() != null) {
      throw new RefusedException(new Refusal.NoFilter(ofGroup.trouble()));
    }
    return ofGroup;
  }

  private static Subscription ownSubscription(
      String topic, PullRequest.Filter filter, @Nullable Subscription ofGroup) {
    String expression = filter.expression() == null ? "" : filter.expression();
    Subscription own = ofGroup != null && ofGroup.says(expression, filter.expressionType())
        ? ofGroup // so it is not compiled for each pull: 4 us of a short SQL92 expression
        : Subscription.parse(topic, expression, filter.expressionType(), filter.version());
    if (own.trouble() != null) {
      throw new RefusedException(new Refusal.BadSubscription(own.trouble()));
    }
    return own;
  }
}
