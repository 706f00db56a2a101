package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.Pages;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How topics are set, and where their queues stand. Questions throw {@link RefusedException}. Any thread. */
final class TopicQueries {

  private static final int TOPIC_BYTES = 160; // as JSON, without its name

  private static final Range NEVER_USED = new Range(0, 0, 0);

  /** What a queue holds, and when the newest came. */
  record Range(long first, long end, long newestMillis) {}

  /**
   * @param ranges of its queues, by id
   * @param putRate how many messages a second it gets
   */
  record Stats(Topic topic, List<Range> ranges, double putRate) {}

  private final TopicCatalog topics;
  private final ConsumeQueues queues;
  private final ToDoubleFunction<String> putRate;
  private final Pages<Topic> pages;

  TopicQueries(TopicCatalog topics, ConsumeQueues queues, ToDoubleFunction<String> putRate) {
    this.topics = topics;
    this.queues = queues;
    this.putRate = putRate;
    this.pages = new Pages<>(new Pages.Source<>(
        () -> TopicTables.of(topics.version()),
        topics::all,
        Topic::name,
        topics::find,
        TopicQueries::jsonBytes));
  }

  Topic one(String name) {
    Topic topic = topics.find(name);
    if (topic == null) {
      throw new RefusedException(new Refusal.NoSuchTopic(name));
    }
    return topic;
  }

  /** A page, or all if they fit an answer. */
  Pages.Page<Topic> page(int from, int most, @Nullable String version) {
    try {
      return pages.page(from, most, version);
    } catch (Pages.TooLongException e) {
      throw new RefusedException(new Refusal.TooManyTopics(String.valueOf(e.getMessage())));
    }
  }

  private static long jsonBytes(Topic topic) {
    return TOPIC_BYTES + 2L * topic.name().length() + Pages.jsonBytes(topic.attributes());
  }

  Stats stats(String name) {
    Topic topic = one(name);
    List<Range> ranges = new ArrayList<>(topic.queues());
    for (int id = 0; id < topic.queues(); id++) {
      ranges.add(range(queues.find(topic.name(), id)));
    }
    return new Stats(topic, ranges, putRate.applyAsDouble(topic.name()));
  }

  /** Reserved names, and what the settings bring along. */
  Set<String> system() {
    Set<String> names = new TreeSet<>(TopicNames.reserved());
    names.addAll(topics.builtIn());
    return names;
  }

  private static Range range(@Nullable ConsumeQueue queue) {
    if (queue == null) {
      return NEVER_USED;
    }
    long end = queue.maxOffset();
    return new Range(queue.minOffset(), end, Math.max(0, queue.timeOf(end - 1)));
  }
}
