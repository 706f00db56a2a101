package io.escrowmq.bench.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Transactional producers of Kafka, one a session, as its documentation wants it for transactions side by side. */
final class KafkaSessions implements Sessions {
  private final String broker;
  private final String topic;
  private final int messagesEach;
  private final List<Producer<byte[], byte[]>> producers = new ArrayList<>();

  KafkaSessions(String broker, String topic, int messagesEach) {
    this.broker = broker;
    this.topic = topic;
    this.messagesEach = messagesEach;
  }

  @Override
  public Session open() {
    Map<String, Object> settings = new HashMap<>(KafkaTopic.BATCHING);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic + '-' + producers.size());
    Producer<byte[], byte[]> producer = KafkaTopic.producer(broker, settings);
    producers.add(producer);
    producer.initTransactions();
    return () -> run(producer);
  }

  /** The end of a partition counts what is not visible, too. */
  @Override
  public long visible() {
    return -1;
  }

  @Override
  public void close() {
    producers.forEach(Producer::close);
  }

  // committing sends what waits, and fails when a send has failed
  @SuppressWarnings("FutureReturnValueIgnored")
  private void run(Producer<byte[], byte[]> producer) {
    producer.beginTransaction();
    for (int i = 0; i < messagesEach; i++) {
      producer.send(new ProducerRecord<>(topic, Target.BODY));
    }
    producer.commitTransaction();
  }
}
