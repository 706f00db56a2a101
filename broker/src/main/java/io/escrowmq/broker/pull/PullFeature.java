package io.escrowmq.broker.pull;

import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.READ;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.RequestTable.onAsking;
import static io.escrowmq.remoting.code.RequestCode.GET_EARLIEST_MSG_STORETIME;
import static io.escrowmq.remoting.code.RequestCode.GET_MAX_OFFSET;
import static io.escrowmq.remoting.code.RequestCode.GET_MIN_OFFSET;
import static io.escrowmq.remoting.code.RequestCode.LITE_PULL_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.PULL_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.QUERY_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEARCH_OFFSET_BY_TIMESTAMP;
import static io.escrowmq.remoting.code.RequestCode.VIEW_MESSAGE_BY_ID;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.GroupFeature;
import io.escrowmq.broker.core.Arrivals;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.broker.visible.MessageSource;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.QueueHeader;
import io.escrowmq.remoting.header.SearchOffsetHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;
import java.util.List;
import java.util.Set;

/** Pulls and look-ups: how consumers and operators get at messages. */
public final class PullFeature implements Feature {

  private final LogCore core;
  private final TopicFeature topics;
  private final Pulls pulls;
  private final MessageLookup lookup;

  public PullFeature(
      LogCore core,
      TopicFeature topics,
      GroupFeature groups,
      ConsumerOffsets offsets,
      ClientRegistry clients,
      PullSettings settings,
      OffsetBeyondEnd beyondEnd,
      Traffic traffic) {
    this.core = core;
    this.topics = topics;
    pulls = new Pulls(core, topics, groups::byUse, clients, offsets, settings, beyondEnd, traffic);
    lookup = new MessageLookup(core.log(), core.keys(), topics.catalog());
  }

  public Pulls pulls() {
    return pulls;
  }

  /** Messages by their place in the log, as everybody may see them. */
  public MessageSource messages() {
    return lookup::at;
  }

  @Override
  public RequestTable requests() {
    PullHandler handler = new PullHandler(pulls);
    OffsetQueryHandler offsets =
        new OffsetQueryHandler(new OffsetQueries(topics.catalog(), core.queues()));
    LookupHandler lookups = new LookupHandler(lookup);
    return RequestTable.of(
        on(PULL_MESSAGE, PullMessageHeader.FIELDS, READ, handler::accept),
        on(LITE_PULL_MESSAGE, PullMessageHeader.FIELDS, READ, handler::accept),
        on(GET_MAX_OFFSET, QueueHeader.FIELDS, READ, offsets::max),
        on(GET_MIN_OFFSET, QueueHeader.FIELDS, READ, offsets::min),
        on(SEARCH_OFFSET_BY_TIMESTAMP, SearchOffsetHeader.FIELDS, READ, offsets::byTime),
        on(GET_EARLIEST_MSG_STORETIME, QueueHeader.FIELDS, READ, offsets::earliestTime),
        onAsking(VIEW_MESSAGE_BY_ID, ViewMessageHeader.FIELDS, INSPECT, lookups::byPosition),
        on(QUERY_MESSAGE, QueryMessageHeader.FIELDS, INSPECT, lookups::byKey));
  }

  @Override
  public List<Arrivals> arrivals() {
    return List.of(pulls.arrivals());
  }

  @Override
  public Set<String> readersOf(String topic) {
    return pulls.waitingOn(topic);
  }

  @Override
  public void topicIsGone(String topic) {
    pulls.endWaiting(topic);
  }

  @Override
  public void onTick() {
    pulls.onTick();
  }

  /** Each that waits is answered with what is there, and none waits from now on. */
  @Override
  public void stop() {
    pulls.endAllWaits();
  }
}
