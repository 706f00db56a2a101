package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicTables;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.body.Registration;

/** The catalog's topics as a registration wants them. */
public final class TopicsOfCatalog implements TopicsToRegister {

  private final TopicCatalog topics;

  public TopicsOfCatalog(TopicCatalog topics) {
    this.topics = topics;
  }

  @Override
  public TopicVersion version() {
    return topics.version();
  }

  @Override
  public byte[] registration(TopicVersion version) {
    return new Registration(TopicTables.of(version, topics)).toCompressedBytes();
  }

  @Override
  public byte[] versionBody(TopicVersion version) {
    return TopicTables.of(version).toBytes();
  }
}
