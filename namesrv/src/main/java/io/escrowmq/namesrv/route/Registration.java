package io.escrowmq.namesrv.route;

import io.escrowmq.remoting.body.DataVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a broker says of itself when it registers. Immutable.
 *
 * @param haAddress where its slaves fetch from; told to them, never connected to
 * @param leaseMillis how long it counts as alive without another word
 * @param digest of everything that it said; equal means the same was said before
 * @param topics all of its topics, or those that changed
 * @param all whether the broker has no others
 * @param leftOut how many more it has that are not among them, since there is no room
 */
public record Registration(
    BrokerMember broker,
    @Nullable String haAddress,
    long leaseMillis,
    boolean enableActingMaster,
    DataVersion version,
    long digest,
    Map<String, TopicQueues> topics,
    boolean all,
    int leftOut) {

  public Registration {
    topics = Map.copyOf(topics);
  }

  /** The same with some of its topics. */
  Registration withOnly(Map<String, TopicQueues> some) {
    int fewer = topics.size() - some.size();
    return new Registration(
        broker,
        haAddress,
        leaseMillis,
        enableActingMaster,
        version,
        digest,
        some,
        all,
        leftOut + fewer);
  }
}
