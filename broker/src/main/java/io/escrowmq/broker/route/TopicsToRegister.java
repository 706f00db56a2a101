package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.body.TopicUpdates;
import org.jspecify.annotations.Nullable;

/** What a registration says of the topics, in the bytes that name servers read. */
public interface TopicsToRegister {

  /** The state of the topics now. */
  TopicVersion version();

  /**
   * What was changed after one version and not after another; null when that is too much for a
   * request, or longer ago than is remembered.
   */
  @Nullable
  TopicUpdates changes(TopicVersion after, TopicVersion upTo);

  /** All topics, or as many as fit into a frame, under this version. */
  RegistrationBody registration(TopicVersion version);

  /**
   * The body of a registration.
   *
   * @param body compressed
   * @param leftOut how many topics did not fit
   */
  record RegistrationBody(byte[] body, int leftOut) {}

  /** The version alone. */
  byte[] versionBody(TopicVersion version);
}
