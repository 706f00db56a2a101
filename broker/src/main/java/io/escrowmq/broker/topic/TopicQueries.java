package io.escrowmq.broker.topic;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.body.TopicStats;
import io.escrowmq.remoting.body.TopicTable;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.AllTopicConfigHeader;
import io.escrowmq.remoting.header.AllTopicConfigResponseHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Operators look at topics: how they are set, and where their queues stand. Any event loop. */
public final class TopicQueries {

  private static final int MOST_BYTES = RemotingSettings.DEFAULT_MAX_FRAME_BYTES - (64 << 10);
  private static final int MOST_OF_PAGE = 10_000;
  private static final int TOPIC_BYTES = 160; // as JSON, without its name
  private static final int ATTRIBUTE_BYTES = 8;
  private static final int MOST_ESCAPED = 6; // bytes of a character that JSON has to escape

  private static final TopicStats.QueueRange NEVER_USED = new TopicStats.QueueRange(0, 0, 0);

  private final TopicCatalog topics;
  private final ConsumeQueues queues;
  private final String brokerName;
  private final String brokerAddress;
  private final ToDoubleFunction<String> putRate;
  private volatile @Nullable Sorted sorted; // null until somebody asks

  /**
   * @param brokerName as it stands in routes
   * @param brokerAddress "ip:port", as it is registered
   * @param putRate how many messages a second a topic gets
   */
  public TopicQueries(
      TopicCatalog topics,
      ConsumeQueues queues,
      String brokerName,
      String brokerAddress,
      ToDoubleFunction<String> putRate) {
    this.topics = topics;
    this.queues = queues;
    this.brokerName = brokerName;
    this.brokerAddress = brokerAddress;
    this.putRate = putRate;
  }

  /** GET_TOPIC_CONFIG. */
  public void one(Call call, TopicHeader header) {
    Topic topic = topics.find(header.topic());
    call.reply(topic == null ? missing(header) : Reply.ok(TopicTables.of(topic).toBytes()));
  }

  /** GET_ALL_TOPIC_CONFIG: a page, which ends early when it is full, or all if they fit an answer. */
  public void all(Call call, AllTopicConfigHeader header) {
    Sorted all = sorted();
    boolean inPages = header.most() > 0;
    if (!inPages && all.bytes > MOST_BYTES) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "the settings of " + all.names.length + " topics take about " + all.bytes
              + " bytes, at most " + MOST_BYTES + " fit an answer; ask in pages (topicSeq,"
              + " maxTopicNum), as tools of RocketMQ 5.5 do, or a name server for the names"));
      return;
    }
    DataVersion version = TopicTables.of(all.version);
    int from = inPages && isOf(version, header.dataVersion()) ? Math.max(0, header.from()) : 0;
    int most = inPages ? Math.min(header.most(), MOST_OF_PAGE) : all.names.length;
    Map<String, TopicConfig> page = new LinkedHashMap<>();
    long bytes = 0;
    for (int i = from; i < all.names.length && page.size() < most && bytes < MOST_BYTES; i++) {
      Topic topic = topics.find(all.names[i]);
      if (topic != null) {
        page.put(topic.name(), TopicTables.of(topic));
        bytes += bytes(topic);
      }
    }
    call.reply(Reply.ok(
        new AllTopicConfigResponseHeader(all.names.length),
        new TopicTable(version, page).toBody()));
  }

  /** Whoever saw another version so far begins anew. */
  private static boolean isOf(DataVersion now, @Nullable String seen) {
    try {
      return seen != null
          && !seen.isBlank()
          && DataVersion.read(seen.getBytes(StandardCharsets.UTF_8)).equals(now);
    } catch (BadBodyException e) {
      return false;
    }
  }

  // Sorted once for all pages; a newer list replaces it. A version is never newer than its topics.
  private Sorted sorted() {
    Sorted known = sorted;
    TopicVersion version = topics.version();
    if (known != null && known.version.equals(version)) {
      return known;
    }
    List<Topic> all = topics.all();
    String[] names = all.stream().map(Topic::name).sorted().toArray(String[]::new);
    long bytes = 0;
    for (Topic topic : all) {
      bytes += bytes(topic);
    }
    Sorted made = new Sorted(version, names, bytes);
    sorted = made;
    return made;
  }

  /** About how many bytes its settings take as JSON; not fewer. */
  private static long bytes(Topic topic) {
    long bytes = TOPIC_BYTES + 2L * topic.name().length();
    for (Map.Entry<String, String> attribute : topic.attributes().entrySet()) {
      bytes += ATTRIBUTE_BYTES + jsonBytes(attribute.getKey()) + jsonBytes(attribute.getValue());
    }
    return bytes;
  }

  private static long jsonBytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean isEscaped = character < ' ' || character == '"' || character == '\\';
      bytes += isEscaped ? MOST_ESCAPED : character < 0x80 ? 1 : character < 0x800 ? 2 : 3;
    }
    return bytes;
  }

  /** The names of all topics in order, and about how many bytes their settings take as JSON. */
  private record Sorted(TopicVersion version, String[] names, long bytes) {}

  /** GET_TOPIC_STATS_INFO. */
  public void stats(Call call, TopicHeader header) {
    Topic topic = topics.find(header.topic());
    if (topic == null) {
      call.reply(missing(header));
      return;
    }
    Map<MessageQueue, TopicStats.QueueRange> ranges = new LinkedHashMap<>();
    for (int id = 0; id < topic.queues(); id++) {
      ranges.put(
          new MessageQueue(topic.name(), brokerName, id), range(queues.find(topic.name(), id)));
    }
    call.reply(Reply.ok(new TopicStats(ranges, putRate.applyAsDouble(topic.name())).toBytes()));
  }

  /** GET_SYSTEM_TOPIC_LIST_FROM_BROKER: reserved names, and what the settings bring along. */
  public void system(Call call, Fields none) {
    TreeSet<String> names = new TreeSet<>(TopicNames.reserved());
    names.addAll(topics.builtIn());
    call.reply(Reply.ok(new TopicList(List.copyOf(names), brokerAddress).toBytes()));
  }

  private static TopicStats.QueueRange range(@Nullable ConsumeQueue queue) {
    if (queue == null) {
      return NEVER_USED;
    }
    long max = queue.maxOffset();
    return new TopicStats.QueueRange(queue.minOffset(), max, Math.max(0, queue.timeOf(max - 1)));
  }

  private static Reply missing(TopicHeader header) {
    return Reply.refused(
        ResponseCode.TOPIC_NOT_EXIST, "the topic " + header.topic() + " does not exist");
  }
}
