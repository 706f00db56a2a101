package io.escrowmq.broker.topic;

import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicTable;
import java.util.Map;
import java.util.TreeMap;

/** Topics as the wire shows them. Pure. */
public final class TopicTables {

  private TopicTables() {}

  public static TopicConfig of(Topic topic) {
    return new TopicConfig(
        topic.name(),
        topic.readQueues(),
        topic.writeQueues(),
        topic.perm(),
        topic.multiTags(),
        topic.sysFlag(),
        topic.ordered(),
        topic.attributes());
  }

  public static DataVersion of(TopicVersion version) {
    return new DataVersion(version.counter(), 0, version.timestampMillis());
  }

  /** Every topic by name, under a version that is not newer than they are. */
  public static TopicTable of(TopicVersion version, TopicCatalog topics) {
    Map<String, TopicConfig> byName = new TreeMap<>();
    topics.all().forEach(topic -> byName.put(topic.name(), of(topic)));
    return new TopicTable(of(version), byName);
  }
}
