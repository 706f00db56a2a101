package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.TopicVersion;

/** What a registration says of the topics, in the bytes that name servers read. */
public interface TopicsToRegister {

  /** The state of the topics now. */
  TopicVersion version();

  /** All topics, under this version; compressed. */
  byte[] registration(TopicVersion version);

  /** The version alone. */
  byte[] versionBody(TopicVersion version);
}
