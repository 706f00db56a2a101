package io.escrowmq.remoting.body;

import io.escrowmq.remoting.OfNames;
import java.util.List;

/** Several topics that are to be created or changed (UPDATE_AND_CREATE_TOPIC_LIST). */
public record TopicConfigs(List<TopicConfig> topics) implements OfNames {

  public static TopicConfigs read(byte[] body) {
    return new TopicConfigs(JsonObject.read(body).objects("topicConfigList", TopicConfig::read));
  }

  @Override
  public void nameTo(Names names) {
    topics.forEach(topic -> names.topic(topic.topic()));
  }
}
