package io.escrowmq.systemtests.driver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** The consumers of this process that ask, by name. */
@SuppressWarnings(
    "deprecation") // DefaultMQPullConsumer is deprecated, and still what applications use
final class PullConsumers implements PullDriver {

  private final Map<String, DefaultMQPullConsumer> plain = new ConcurrentHashMap<>();
  private final Map<String, DefaultLitePullConsumer> lite = new ConcurrentHashMap<>();

  @Override
  public void startPull(String consumer, String nameServers, String group) {
    DefaultMQPullConsumer started = new DefaultMQPullConsumer(group);
    Messages.configure(started, consumer, nameServers);
    ExceptionTranslator.run(started::start);
    plain.put(consumer, started);
  }

  @Override
  public List<String> queues(String consumer, String topic) {
    return ExceptionTranslator.get(() -> findPlain(consumer).fetchSubscribeMessageQueues(topic))
        .stream()
        .sorted()
        .map(queue -> queue.getBrokerName() + ':' + queue.getQueueId())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @Override
  public PullAnswer pull(
      String consumer,
      String topic,
      String brokerName,
      int queueId,
      MessageFilter wanted,
      long offset,
      int maxMessages) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    return pulled(ExceptionTranslator.get(
        () -> findPlain(consumer).pull(queue, Messages.selector(wanted), offset, maxMessages)));
  }

  @Override
  public PullAnswer pullOrWait(
      String consumer,
      String topic,
      String brokerName,
      int queueId,
      String expression,
      long offset,
      int maxMessages) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    return pulled(ExceptionTranslator.get(
        () -> findPlain(consumer).pullBlockIfNotFound(queue, expression, offset, maxMessages)));
  }

  @Override
  public long maxOffset(String consumer, String topic, String brokerName, int queueId) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    return ExceptionTranslator.get(() -> findPlain(consumer).maxOffset(queue));
  }

  @Override
  public long minOffset(String consumer, String topic, String brokerName, int queueId) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    return ExceptionTranslator.get(() -> findPlain(consumer).minOffset(queue));
  }

  @Override
  public long offsetAt(
      String consumer, String topic, String brokerName, int queueId, long timestampMillis) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    return ExceptionTranslator.get(() -> findPlain(consumer).searchOffset(queue, timestampMillis));
  }

  @Override
  public void commitOffset(
      String consumer, String topic, String brokerName, int queueId, long offset) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    DefaultMQPullConsumer client = findPlain(consumer);
    ExceptionTranslator.run(() -> {
      client.updateConsumeOffset(queue, offset);
      client.getOffsetStore().persist(queue);
    });
  }

  @Override
  public long committedOffset(String consumer, String topic, String brokerName, int queueId) {
    MessageQueue queue = new MessageQueue(topic, brokerName, queueId);
    return ExceptionTranslator.get(() -> findPlain(consumer).fetchConsumeOffset(queue, true));
  }

  @Override
  public void stopPull(String consumer) {
    findPlain(consumer).shutdown();
    plain.remove(consumer);
  }

  @Override
  public void startLitePull(
      String consumer, String nameServers, String group, String topic, MessageFilter wanted) {
    DefaultLitePullConsumer started = litePull(consumer, nameServers, group);
    ExceptionTranslator.run(() -> started.subscribe(topic, Messages.selector(wanted)));
    ExceptionTranslator.run(started::start);
    lite.put(consumer, started);
  }

  @Override
  public void startAssignedLitePull(
      String consumer, String nameServers, String group, String topic) {
    DefaultLitePullConsumer started = litePull(consumer, nameServers, group);
    ExceptionTranslator.run(started::start);
    lite.put(consumer, started);
    Collection<MessageQueue> queues =
        ExceptionTranslator.get(() -> started.fetchMessageQueues(topic));
    started.assign(queues);
  }

  private static DefaultLitePullConsumer litePull(
      String consumer, String nameServers, String group) {
    DefaultLitePullConsumer created = new DefaultLitePullConsumer(group);
    Messages.configure(created, consumer, nameServers);
    created.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    created.setAutoCommit(false);
    return created;
  }

  @Override
  public List<ReceivedMessage> poll(String consumer, long timeoutMillis) {
    return received(findLite(consumer).poll(timeoutMillis));
  }

  @Override
  public void seekToBegin(String consumer, String topic) {
    DefaultLitePullConsumer client = findLite(consumer);
    for (MessageQueue queue : ExceptionTranslator.get(() -> client.fetchMessageQueues(topic))) {
      ExceptionTranslator.run(() -> client.seekToBegin(queue));
    }
  }

  @Override
  public void commitPolled(String consumer) {
    findLite(consumer).commitSync();
  }

  @Override
  public void stopLitePull(String consumer) {
    findLite(consumer).shutdown();
    lite.remove(consumer);
  }

  private DefaultMQPullConsumer findPlain(String consumer) {
    return Messages.known(plain.get(consumer), consumer);
  }

  private DefaultLitePullConsumer findLite(String consumer) {
    return Messages.known(lite.get(consumer), consumer);
  }

  private static PullAnswer pulled(PullResult result) {
    return new PullAnswer(
        result.getPullStatus().name(),
        result.getNextBeginOffset(),
        result.getMinOffset(),
        result.getMaxOffset(),
        received(result.getMsgFoundList()));
  }

  private static List<ReceivedMessage> received(@Nullable Collection<MessageExt> messages) {
    List<ReceivedMessage> all = new ArrayList<>();
    if (messages != null) {
      messages.forEach(message -> all.add(Messages.fromClient(message)));
    }
    return all;
  }
}
