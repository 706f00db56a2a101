package io.escrowmq.broker.topic;

import static io.escrowmq.broker.edge.ShownCall.shown;
import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.RequestTable.onBody;
import static io.escrowmq.remoting.code.RequestCode.DELETE_TOPIC_IN_BROKER;
import static io.escrowmq.remoting.code.RequestCode.GET_ALL_TOPIC_CONFIG;
import static io.escrowmq.remoting.code.RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER;
import static io.escrowmq.remoting.code.RequestCode.GET_TOPIC_CONFIG;
import static io.escrowmq.remoting.code.RequestCode.GET_TOPIC_STATS_INFO;
import static io.escrowmq.remoting.code.RequestCode.UPDATE_AND_CREATE_TOPIC;
import static io.escrowmq.remoting.code.RequestCode.UPDATE_AND_CREATE_TOPIC_LIST;

import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.TopicConfigs;
import io.escrowmq.remoting.header.AllTopicConfigHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Topics: which there are, who changes them, and what becomes of their queues. */
public final class TopicFeature implements Feature {

  private final LogCore core;
  private final BrokerIdentity identity;
  private final ToDoubleFunction<String> putRate;
  private final TopicCatalog catalog;
  private final DeletedTopics deleted = new DeletedTopics();
  private final TopicChanges changes;

  /**
   * @param builtIn topics that nobody can delete
   * @param routes is told what changed
   * @param putRate how many messages a second a topic gets
   */
  public TopicFeature(
      LogCore core,
      BrokerIdentity identity,
      Collection<Topic> builtIn,
      TopicLimits limits,
      TopicRoutes routes,
      ToDoubleFunction<String> putRate) {
    this.core = core;
    this.identity = identity;
    this.putRate = putRate;
    catalog = new TopicCatalog(builtIn, limits, core.heap(), routes::topicsChanged);
    changes = new TopicChanges(core.loop(), catalog, core.features()::topicIsGone, routes::spread);
  }

  public TopicCatalog catalog() {
    return catalog;
  }

  public TopicChanges changes() {
    return changes;
  }

  /** Topics that consumers have to begin anew, should they come again. */
  public DeletedTopics deleted() {
    return deleted;
  }

  @Override
  public void applyBy(Appliers appliers) {
    appliers.on(RecordKind.TOPIC, catalog::applyChanged);
    appliers.on(RecordKind.TOPIC_DELETED, this::applyDeleted);
  }

  // All let go of it before the next feature applies the record: offsets still know their readers.
  private void applyDeleted(LogRecord record) {
    String topic = catalog.applyDeleted(record);
    core.queueViews().deleteTopic(topic);
    core.features().letGoOfTopic(topic);
  }

  @Override
  public void letGoOfTopic(String topic) {
    deleted.add(
        topic, core.features().readersOf(topic), core.surroundings().ticker().millis());
  }

  /** Forgets deletions that no consumer can hold an offset of any more. */
  @Override
  public void onTick() {
    if (!deleted.isEmpty()) {
      deleted.dropOld(core.surroundings().ticker().millis());
    }
  }

  @Override
  public List<View> views() {
    return List.of(catalog);
  }

  @Override
  public RequestTable requests() {
    TopicHandler handler = new TopicHandler(changes);
    TopicQueryHandler queries =
        new TopicQueryHandler(new TopicQueries(catalog, core.queues(), putRate), identity);
    return RequestTable.of(
        on(UPDATE_AND_CREATE_TOPIC, UpdateTopicHeader.FIELDS, MANAGE, handler::put),
        onBody(UPDATE_AND_CREATE_TOPIC_LIST, TopicConfigs::read, MANAGE, handler::putAll),
        on(DELETE_TOPIC_IN_BROKER, TopicHeader.FIELDS, MANAGE, handler::delete),
        on(GET_TOPIC_CONFIG, TopicHeader.FIELDS, INSPECT, shown(core.changes(), queries::one)),
        on(
            GET_ALL_TOPIC_CONFIG,
            AllTopicConfigHeader.FIELDS,
            INSPECT,
            shown(core.changes(), queries::all)),
        on(
            GET_TOPIC_STATS_INFO,
            TopicHeader.FIELDS,
            INSPECT,
            shown(core.changes(), queries::stats)),
        on(GET_SYSTEM_TOPIC_LIST_FROM_BROKER, HeaderReader.RAW, INSPECT, queries::system));
  }
}
