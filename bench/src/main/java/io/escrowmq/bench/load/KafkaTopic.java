package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** One topic of Kafka and the producer that sends to it; its acknowledgements tell no position in the broker's log. */
record KafkaTopic(String broker, Producer<byte[], byte[]> producer, String name) implements Target {
  /** A message goes out at once, unless a request is under way already; Kafka's own default lets it wait for 5 ms. */
  static final Map<String, Object> AT_ONCE = Map.of(ProducerConfig.LINGER_MS_CONFIG, 0);

  static final Map<String, Object> BATCHING = Map.of(
      ProducerConfig.LINGER_MS_CONFIG,
      (int) PlainDriver.LINGER.toMillis(),
      ProducerConfig.BATCH_SIZE_CONFIG,
      PlainDriver.BATCH_BYTES);

  /** As the first, and soon given up. */
  static final Map<String, Object> PROBING = Map.of(
      ProducerConfig.LINGER_MS_CONFIG, 0,
      ProducerConfig.MAX_BLOCK_MS_CONFIG, 1000,
      ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1000,
      ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 1000);

  private static final Duration POLL = Duration.ofMillis(100);

  /** A producer with the client's own defaults, acknowledgements of all replicas among them, but for these settings. */
  static Producer<byte[], byte[]> producer(String broker, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public @Nullable String send() throws Exception {
    producer.send(message(BODY)).get();
    return null;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the outcome is told what became of it
  public void sendAsync(byte[] body, Outcome outcome) {
    producer.send(message(body), (placed, failure) -> {
      if (failure == null) {
        outcome.acknowledged(null);
      } else {
        outcome.failed(failure);
      }
    });
  }

  /** The client has no such request; these go one after the other, and are waited for together. */
  @Override
  public @Nullable String sendBatch(int size) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      sent.add(producer.send(message(BODY)));
    }
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
    return null;
  }

  @Override
  public AutoCloseable consume(Consumer<byte[]> each) {
    Map<String, Object> settings = Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        broker,
        ConsumerConfig.GROUP_ID_CONFIG,
        "bench-" + UUID.randomUUID(),
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(name));
    Thread polling = new Thread(() -> poll(consumer, each), "load-consumer");
    polling.setDaemon(true);
    polling.start();
    return () -> {
      consumer.wakeup();
      polling.join();
    };
  }

  private static void poll(KafkaConsumer<byte[], byte[]> consumer, Consumer<byte[]> each) {
    try (consumer) {
      while (true) {
        consumer.poll(POLL).forEach(message -> each.accept(message.value()));
      }
    } catch (WakeupException closed) {
      // whoever started it wants no more
    }
  }

  private ProducerRecord<byte[], byte[]> message(byte[] body) {
    return new ProducerRecord<>(name, body);
  }
}
