package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.body.TopicsChanged;
import org.jspecify.annotations.Nullable;

/** The topics of the core that was opened last, for a registration that outlives it. Any thread. */
public final class CurrentTopics implements TopicsToRegister {

  private volatile @Nullable TopicsToRegister topics;

  /** From now on it is about these. */
  public void change(TopicsToRegister to) {
    topics = to;
  }

  private TopicsToRegister now() {
    TopicsToRegister now = topics;
    if (now == null) {
      throw new IllegalStateException("no topics are known yet");
    }
    return now;
  }

  @Override
  public TopicVersion version() {
    return now().version();
  }

  @Override
  public @Nullable TopicsChanged changes(TopicVersion after, TopicVersion upTo) {
    return now().changes(after, upTo);
  }

  @Override
  public RegistrationBody registration(TopicVersion version) {
    return now().registration(version);
  }

  @Override
  public byte[] versionBody(TopicVersion version) {
    return now().versionBody(version);
  }
}
