package io.escrowmq.bench.load;

import java.io.IOException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;

/** The load generator's process for RocketMQ's client, which {@link Commands} drive. Arguments: the name server's address. */
final class LoadMain implements PlainDriver {
  private final Topics topics;

  private LoadMain(Topics topics) {
    this.topics = topics;
  }

  public static void main(String[] arguments) throws Exception {
    Topics topics = new Topics(started("bench-load", arguments[0]), arguments[0]);
    Conversation.serve(new Commands(new LoadMain(topics))::answer);
  }

  private static DefaultMQProducer started(String group, String namesrv) throws MQClientException {
    DefaultMQProducer producer = new DefaultMQProducer(group);
    producer.setNamesrvAddr(namesrv);
    producer.start();
    return producer;
  }

  @Override
  public void probe(String topic) throws Exception {
    topics.named(topic).probe();
  }

  @Override
  public Target target(String topic) {
    return topics.named(topic);
  }

  @Override
  public Target batchingTarget(String topic) throws MQClientException {
    DefaultMQProducer producer = started("bench-batching", topics.namesrv());
    producer.setAutoBatch(true);
    producer.batchMaxDelayMs((int) LINGER.toMillis());
    producer.batchMaxBytes(BATCH_BYTES);
    return new Topics(producer, topics.namesrv()).named(topic);
  }

  @Override
  public void create(String topic, int queues) throws MQClientException, IOException {
    topics.create(topic, queues);
  }

  @Override
  public Load transactions(int threads, String topic, int messages) {
    if (messages != 1) {
      throw new IllegalArgumentException("a transaction of RocketMQ has one message");
    }
    return new TransactionSends(topics.named(topic), topics.named(topic + WARM), threads);
  }
}
