package io.escrowmq.broker.consumer;

import static io.escrowmq.broker.edge.ShownCall.shown;
import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.Permission.READ;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.BrokerConsumeStatsHeader;
import io.escrowmq.remoting.header.CloneOffsetHeader;
import io.escrowmq.remoting.header.ConsumeStatsHeader;
import io.escrowmq.remoting.header.CorrectionOffsetHeader;
import io.escrowmq.remoting.header.GroupHeader;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import io.escrowmq.remoting.header.TopicAndGroupHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.util.List;
import java.util.Set;

/** Offsets of consumer groups: how far each has come in each queue. */
public final class OffsetFeature implements Feature {

  private final LogCore core;
  private final BrokerIdentity identity;
  private final TopicFeature topics;
  private final GroupCatalog groups;
  private final ClientRegistry clients;
  private final ConsumerOffsets offsets;

  public OffsetFeature(
      LogCore core,
      BrokerIdentity identity,
      TopicFeature topics,
      GroupCatalog groups,
      ClientRegistry clients) {
    this.core = core;
    this.identity = identity;
    this.topics = topics;
    this.groups = groups;
    this.clients = clients;
    offsets = new ConsumerOffsets(core.heap());
  }

  public ConsumerOffsets offsets() {
    return offsets;
  }

  @Override
  public void applyBy(Appliers appliers) {
    appliers.on(RecordKind.CONSUMER_OFFSETS, offsets::apply);
    appliers.on(
        RecordKind.TOPIC_DELETED,
        record -> offsets.forgetTopic(TopicRecords.nameOfDeleted(record.payload())));
    appliers.on(RecordKind.GROUP_DELETED, offsets::applyGroupDeleted);
  }

  @Override
  public Set<String> readersOf(String topic) {
    return offsets.groupsOn(topic);
  }

  @Override
  public List<View> views() {
    return List.of(offsets);
  }

  @Override
  public List<Duty> duties() {
    return List.of(offsets);
  }

  @Override
  public RequestTable requests() {
    TopicCatalog catalog = topics.catalog();
    OffsetHandler handler = new OffsetHandler(new OffsetReports(
        groups, catalog, offsets, topics.deleted(), clients, core.queues(), core.log()));
    OffsetAdminHandler admin = new OffsetAdminHandler(
        new OffsetResets(groups, catalog, offsets, core.queues()),
        offsets,
        core.loop(),
        identity.name());
    ConsumeStatsHandler stats = new ConsumeStatsHandler(
        catalog,
        offsets,
        clients,
        core.queues(),
        core.surroundings().clock(),
        identity.name(),
        identity.address());
    return RequestTable.of(
        on(
            QUERY_CONSUMER_OFFSET,
            QueryConsumerOffsetHeader.FIELDS,
            READ,
            shown(core.changes(), handler::query)),
        on(UPDATE_CONSUMER_OFFSET, UpdateConsumerOffsetHeader.FIELDS, READ, handler::update),
        on(INVOKE_BROKER_TO_RESET_OFFSET, ResetOffsetHeader.FIELDS, MANAGE, admin::reset),
        on(CLONE_GROUP_OFFSET, CloneOffsetHeader.FIELDS, MANAGE, admin::cloneOffsets),
        on(GET_ALL_CONSUMER_OFFSET, HeaderReader.RAW, INSPECT, shown(core.changes(), admin::all)),
        on(
            QUERY_CORRECTION_OFFSET,
            CorrectionOffsetHeader.FIELDS,
            INSPECT,
            shown(core.changes(), admin::correction)),
        on(
            GET_CONSUME_STATS,
            ConsumeStatsHeader.FIELDS,
            INSPECT,
            shown(core.changes(), stats::group)),
        on(
            GET_BROKER_CONSUME_STATS,
            BrokerConsumeStatsHeader.FIELDS,
            INSPECT,
            shown(core.changes(), stats::broker)),
        on(
            QUERY_TOPIC_CONSUME_BY_WHO,
            TopicHeader.FIELDS,
            INSPECT,
            shown(core.changes(), stats::groupsOn)),
        on(
            QUERY_TOPICS_BY_CONSUMER,
            GroupHeader.FIELDS,
            INSPECT,
            shown(core.changes(), stats::topicsOf)),
        on(
            QUERY_CONSUME_TIME_SPAN,
            TopicAndGroupHeader.FIELDS,
            INSPECT,
            shown(core.changes(), stats::timeSpans)));
  }

  /** What was reported in the last second is recorded. */
  @Override
  public void stop() {
    core.loop().submit(new InnerProposal(offsets::recordNow, () -> {}));
  }
}
