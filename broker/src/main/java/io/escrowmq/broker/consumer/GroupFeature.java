package io.escrowmq.broker.consumer;

import static io.escrowmq.broker.edge.ShownCall.shown;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.RequestTable.onBody;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.GroupConfigs;
import io.escrowmq.remoting.header.AllGroupConfigHeader;
import io.escrowmq.remoting.header.DeleteGroupHeader;
import io.escrowmq.remoting.header.GroupForbiddenHeader;
import io.escrowmq.remoting.header.GroupHeader;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consumer groups: which there are, and who changes them. */
public final class GroupFeature implements Feature {

  private final LogCore core;
  private final TopicCatalog topics;
  private final GroupCatalog catalog;
  private final GroupCreation creation;

  /** @param byUse whether a group is created by its first consumer; false: an operator must do it */
  public GroupFeature(LogCore core, TopicCatalog topics, boolean byUse) {
    this.core = core;
    this.topics = topics;
    catalog = new GroupCatalog(core.heap());
    creation = new GroupCreation(catalog, topics, byUse);
  }

  public GroupCatalog catalog() {
    return catalog;
  }

  public GroupCreation creation() {
    return creation;
  }

  /**
   * The group; one that does not exist and may be created by being used is on its way into the log.
   * Null when it may not. Any thread.
   */
  public @Nullable Group byUse(String name) {
    return creation.findOrCreate(name, core.loop());
  }

  @Override
  public void applyBy(Appliers appliers) {
    appliers.on(RecordKind.GROUP, catalog::applyChanged);
    appliers.on(
        RecordKind.GROUP_DELETED,
        record -> core.features().letGoOfGroup(catalog.applyDeleted(record)));
  }

  @Override
  public List<View> views() {
    return List.of(catalog);
  }

  @Override
  public RequestTable requests() {
    GroupHandler groups = new GroupHandler(new GroupEdits(catalog, topics, core.loop()));
    GroupQueryHandler queries =
        new GroupQueryHandler(new GroupQueries(catalog, creation, core.loop()));
    return RequestTable.of(
        onBody(
            UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, GroupConfig::read, Permission.MANAGE, groups::put),
        onBody(
            UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
            GroupConfigs::read,
            Permission.MANAGE,
            groups::putAll),
        on(DELETE_SUBSCRIPTIONGROUP, DeleteGroupHeader.FIELDS, Permission.MANAGE, groups::delete),
        on(
            GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
            AllGroupConfigHeader.FIELDS,
            Permission.INSPECT,
            shown(core.changes(), queries::all)),
        on(
            GET_SUBSCRIPTIONGROUP_CONFIG,
            GroupHeader.FIELDS,
            Permission.INSPECT,
            shown(core.changes(), queries::one)),
        on(
            UPDATE_AND_GET_GROUP_FORBIDDEN,
            GroupForbiddenHeader.FIELDS,
            Permission.MANAGE,
            groups::forbid));
  }
}
