package io.escrowmq.namesrv.route;

import io.escrowmq.remoting.body.DataVersion;
import java.util.List;
import java.util.Map;

/**
 * What a broker says has changed among its topics. Immutable.
 *
 * @param since the version of the topics that the changes follow
 * @param version the version of all topics with the changes
 * @param topics new ones, and those with other queues
 * @param gone those that it has no more
 */
public record TopicChange(
    BrokerMember broker,
    DataVersion since,
    DataVersion version,
    Map<String, TopicQueues> topics,
    List<String> gone) {

  public TopicChange {
    topics = Map.copyOf(topics);
    gone = List.copyOf(gone);
  }
}
