package io.escrowmq.broker.topic;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicConfigs;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import java.util.List;
import java.util.Map;

/** Operators create, change and delete topics, as the protocol has it. Any event loop. */
public final class TopicHandler {

  private final TopicChanges changes;

  public TopicHandler(TopicChanges changes) {
    this.changes = changes;
  }

  /** UPDATE_AND_CREATE_TOPIC. */
  public void put(Call call, UpdateTopicHeader header) {
    TopicWish wish = new TopicWish(header.topic(), attributes -> topic(header, attributes));
    changes.put(List.of(wish), new Answer(call));
  }

  /** UPDATE_AND_CREATE_TOPIC_LIST: judges all before it changes the first. */
  public void putAll(Call call, TopicConfigs configs) {
    List<TopicWish> wishes = configs.topics().stream()
        .map(config -> new TopicWish(config.topic(), attributes -> topic(config, attributes)))
        .toList();
    changes.put(wishes, new Answer(call));
  }

  /** DELETE_TOPIC_IN_BROKER. */
  public void delete(Call call, TopicHeader header) {
    changes.delete(header.topic(), new Answer(call));
  }

  private static Topic topic(UpdateTopicHeader header, Map<String, String> attributes) {
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

  private static Topic topic(TopicConfig config, Map<String, String> attributes) {
    return new Topic(
        config.topic(),
        config.readQueues(),
        config.writeQueues(),
        config.permission(),
        config.multiTags(),
        config.sysFlag(),
        config.order(),
        AttributeText.change(attributes, config.attributes()));
  }

  private record Answer(Call call) implements TopicChanges.Outcome {

    @Override
    public void done(List<String> uninformed) {
      call.reply(uninformed.isEmpty() ? Reply.ok() : incomplete(uninformed));
    }

    private static Reply incomplete(List<String> uninformed) {
      return new Reply(
          ResponseCode.SUCCESS,
          "done, but these name servers may not know it yet: " + String.join(", ", uninformed)
              + "; they are told as soon as they answer",
          WireHeader.NONE,
          Body.EMPTY);
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
