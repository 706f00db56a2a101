package io.escrowmq.broker.topic;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.remoting.message.TopicNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operators create, change and delete topics. Any event loop. */
public final class TopicHandler {

  private final TopicCatalog topics;
  private final TopicChanges changes;

  public TopicHandler(TopicCatalog topics, TopicChanges changes) {
    this.topics = topics;
    this.changes = changes;
  }

  public void put(Call call, UpdateTopicHeader header) {
    String refusal = refusal(header.topic());
    if (refusal != null) {
      call.reply(Reply.refused(ResponseCode.INVALID_PARAMETER, refusal));
      return;
    }
    Topic topic;
    try {
      topic = topic(header);
    } catch (IllegalArgumentException e) {
      call.reply(Reply.refused(ResponseCode.SYSTEM_ERROR, String.valueOf(e.getMessage())));
      return;
    }
    changes.put(call, topic);
  }

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

  private Topic topic(UpdateTopicHeader header) {
    Topic before = topics.find(header.topic());
    Map<String, String> attributes = before == null ? Map.of() : before.attributes();
    String change = header.attributes();
    return new Topic(
        header.topic(),
        header.readQueues(),
        header.writeQueues(),
        header.permission(),
        "MULTI_TAG".equals(header.filterType()),
        header.sysFlag(),
        header.order(),
        change == null ? attributes : AttributeText.change(attributes, change));
  }
}
