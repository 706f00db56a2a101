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
    return of(version, 0);
  }

  /**
   * A version as it is told to name servers.
   *
   * @param epoch of who tells it: they believe who leads in the highest one
   */
  public static DataVersion of(TopicVersion version, int epoch) {
    return new DataVersion(version.counter(), epoch, version.timestampMillis());
  }

  /** Every topic by name, under a version that is not newer than they are. */
  public static TopicTable of(TopicVersion version, int epoch, TopicCatalog topics) {
    Map<String, TopicConfig> byName = new TreeMap<>();
    topics.all().forEach(topic -> byName.put(topic.name(), of(topic)));
    return new TopicTable(of(version, epoch), byName);
  }
}
