package io.escrowmq.namesrv.route;

import io.escrowmq.remoting.body.DataVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/** Registrations as the tests of this package make them. */
final class Brokers {

  static final TopicQueues FOUR = new TopicQueues(4, 4, 6, 0);
  static final TopicQueues EIGHT = new TopicQueues(8, 8, 6, 0);

  private Brokers() {}

  static BrokerMember master(String name) {
    return new BrokerMember("DefaultCluster", name, 0, name + ".test:10911");
  }

  static BrokerMember slave(String name, long id) {
    return new BrokerMember("DefaultCluster", name, id, name + "-" + id + ".test:10911");
  }

  static Registration says(BrokerMember broker, long version, Map<String, TopicQueues> topics) {
    return says(broker, new DataVersion(version, 0, 0), topics);
  }

  static Registration says(
      BrokerMember broker, DataVersion version, Map<String, TopicQueues> topics) {
    return new Registration(
        broker,
        broker.address().replace("10911", "10912"),
        120_000,
        false,
        version,
        version.hashCode() * 31L + topics.hashCode(),
        topics,
        false,
        0);
  }

  /** The same as a broker of ours says it: it has no other topics. */
  static Registration saysAll(BrokerMember broker, long version, Map<String, TopicQueues> topics) {
    Registration some = says(broker, version, topics);
    return new Registration(
        broker,
        some.haAddress(),
        some.leaseMillis(),
        false,
        some.version(),
        some.digest(),
        topics,
        true,
        0);
  }

  static Map<String, TopicQueues> topics(TopicQueues queues, String... names) {
    Map<String, TopicQueues> topics = new LinkedHashMap<>();
    for (String name : names) {
      topics.put(name, queues);
    }
    return topics;
  }
}
