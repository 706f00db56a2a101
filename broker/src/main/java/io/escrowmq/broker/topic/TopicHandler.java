package io.escrowmq.broker.topic;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicConfigs;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.remoting.message.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operators create, change and delete topics. Any event loop. */
public final class TopicHandler {

  private static final int MOST_AT_ONCE = 1000; // topics of one list

  private final TopicCatalog topics;
  private final TopicChanges changes;

  public TopicHandler(TopicCatalog topics, TopicChanges changes) {
    this.topics = topics;
    this.changes = changes;
  }

  /** UPDATE_AND_CREATE_TOPIC. */
  public void put(Call call, UpdateTopicHeader header) {
    TopicWish wish = new TopicWish(
        header.topic(), refusal(header.topic()), attributes -> topic(header, attributes));
    changes.put(call, List.of(wish));
  }

  /** UPDATE_AND_CREATE_TOPIC_LIST: judges all before it changes the first. */
  public void putAll(Call call, Fields none) {
    List<TopicConfig> wanted = TopicConfigs.read(call.bodyBytes()).topics();
    if (wanted.size() > MOST_AT_ONCE) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the list has " + wanted.size() + " topics, at most " + MOST_AT_ONCE
              + " are changed at once; send several lists"));
      return;
    }
    List<TopicWish> wishes = new ArrayList<>(wanted.size());
    for (TopicConfig config : wanted) {
      wishes.add(new TopicWish(
          config.topic(), refusal(config.topic()), attributes -> topic(config, attributes)));
    }
    changes.put(call, wishes);
  }

  /** DELETE_TOPIC_IN_BROKER. */
  public void delete(Call call, TopicHeader header) {
    String name = header.topic();
    if (name.isBlank() || TopicNames.isReserved(name) || topics.isBuiltIn(name)) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the topic '" + name + "' belongs to the broker and cannot be deleted"));
      return;
    }
    changes.delete(call, name);
  }

  private @Nullable String refusal(String name) {
    String refusal = TopicNames.refusal(name);
    if (refusal == null && (TopicNames.isReserved(name) || topics.isBuiltIn(name))) {
      return "the topic '" + name + "' belongs to the broker and cannot be changed";
    }
    return refusal;
  }

  private static Topic topic(UpdateTopicHeader header, Map<String, String> attributes) {
    String change = header.attributes();
    return new Topic(
            header.topic(),
            header.readQueues(),
            header.writeQueues(),
            checkedPerm(header.permission()),
            "MULTI_TAG".equals(header.filterType()),
            header.sysFlag(),
            header.order(),
            change == null ? attributes : AttributeText.change(attributes, change))
        .checked();
  }

  private static Topic topic(TopicConfig config, Map<String, String> attributes) {
    return new Topic(
            config.topic(),
            config.readQueues(),
            config.writeQueues(),
            checkedPerm(config.permission()),
            config.multiTags(),
            config.sysFlag(),
            config.order(),
            AttributeText.change(attributes, config.attributes()))
        .checked();
  }

  private static int checkedPerm(int perm) {
    if ((perm & ~(Topic.READ | Topic.WRITE | Topic.INHERIT)) != 0) {
      throw new IllegalArgumentException("perm " + perm
          + " is not a sum of 4 (read), 2 (write) and 1 (template of auto-created topics)");
    }
    return perm;
  }
}
