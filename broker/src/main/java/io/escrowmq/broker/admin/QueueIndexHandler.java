package io.escrowmq.broker.admin;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.ConsumeQueueEntries;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.header.QueryConsumeQueueHeader;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators look into a queue's index. Any event loop. */
final class QueueIndexHandler {

  private static final int MOST_ENTRIES = 1000;

  private final TopicCatalog topics;
  private final ConsumeQueues queues;
  private final ClientRegistry clients;

  QueueIndexHandler(TopicCatalog topics, ConsumeQueues queues, ClientRegistry clients) {
    this.topics = topics;
    this.queues = queues;
    this.clients = clients;
  }

  /** QUERY_CONSUME_QUEUE. */
  void entries(Call call, QueryConsumeQueueHeader header) {
    Topic topic = topics.find(header.topic());
    if (topic == null || header.queueId() < 0 || header.queueId() >= topic.queues()) {
      call.reply(RefusalPage.reply(new Refusal.NoQueueToSet(
          header.topic(), topic == null ? 0 : topic.queues(), header.queueId())));
      return;
    }
    ConsumeQueue queue = queues.find(header.topic(), header.queueId());
    List<ConsumeQueueEntries.Entry> found = new ArrayList<>();
    long min = 0;
    long max = 0;
    if (queue != null) {
      min = queue.minOffset();
      max = queue.maxOffset();
      QueueEntries entries = new QueueEntries(Math.max(1, Math.min(header.count(), MOST_ENTRIES)));
      queue.read(Math.max(min, header.index()), entries);
      for (int i = 0; i < entries.count(); i++) {
        found.add(new ConsumeQueueEntries.Entry(
            entries.position(i), entries.recordLength(i), entries.tagCode(i)));
      }
    }
    call.reply(Reply.ok(new ConsumeQueueEntries(min, max, found, subscription(header)).toBytes()));
  }

  private @Nullable SubscriptionEntry subscription(QueryConsumeQueueHeader header) {
    String group = header.consumerGroup();
    Subscription wanted =
        group == null || group.isBlank() ? null : clients.subscription(group, header.topic());
    return wanted == null ? null : wanted.entry();
  }
}
