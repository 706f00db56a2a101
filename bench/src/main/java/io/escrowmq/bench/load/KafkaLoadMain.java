package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The load generator's process for Kafka's client, which {@link Commands} drive. Arguments: the broker's address. */
final class KafkaLoadMain implements PlainDriver {
  private final String broker;
  // not before there is a topic: it keeps an id that only this run of the broker knows
  private @Nullable Producer<byte[], byte[]> plain;

  private KafkaLoadMain(String broker) {
    this.broker = broker;
  }

  public static void main(String[] arguments) throws Exception {
    Conversation.serve(new Commands(new KafkaLoadMain(arguments[0]))::answer);
  }

  @Override
  public void probe(String topic) throws Exception {
    try (Producer<byte[], byte[]> own = KafkaTopic.producer(broker, KafkaTopic.PROBING)) {
      new KafkaTopic(broker, own, topic).send();
    }
  }

  @Override
  public Target target(String topic) {
    if (plain == null) {
      plain = KafkaTopic.producer(broker, KafkaTopic.AT_ONCE);
    }
    return new KafkaTopic(broker, plain, topic);
  }

  @Override
  public Target batchingTarget(String topic) {
    return new KafkaTopic(broker, KafkaTopic.producer(broker, KafkaTopic.BATCHING), topic);
  }

  @Override
  public void create(String topic, int queues) throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (String name : new String[] {topic, topic + WARM}) {
      topics.add(new NewTopic(name, queues, (short) 1));
      for (int queue = 0; queue < queues; queue++) {
        partitions.put(new TopicPartition(name, queue), OffsetSpec.latest());
      }
    }
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker))) {
      admin.createTopics(topics).all().get();
      // Answered when the broker leads all of them. Before that it may put a producer's first batch
      // off and take its
      // second, and the first is out of order for ever then.
      admin.listOffsets(partitions).all().get();
    }
  }

  @Override
  public Load transactions(int threads, String topic, int messages) {
    return new WholeTransactions(new KafkaSessions(broker, topic, messages), threads, messages);
  }
}
