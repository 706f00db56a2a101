package io.escrowmq.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;

/** Topics of one name server, and the producer that plain messages are sent with. Immutable, any thread. */
record Topics(DefaultMQProducer producer, String namesrv) {
  private static final Duration ROUTE_AT_MOST = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  Topic named(String name) {
    return new Topic(producer, namesrv, name);
  }

  // Deprecated in favour of the admin tools, which would bring a second client into this process.
  @SuppressWarnings("deprecation")
  void create(String topic, int queues) throws MQClientException, IOException {
    for (String name : new String[] {topic, topic + Driver.WARM}) {
      producer.createTopic("TBW102", name, queues, Map.of());
      awaitRoute(name, queues);
    }
  }

  private void awaitRoute(String name, long queues) throws IOException {
    Budget patience = new Budget(0, ROUTE_AT_MOST);
    while (!hasRoute(name, queues)) {
      if (patience.isLate()) {
        throw new IOException("no route of " + queues + " queues to " + name + " in 30 s");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean hasRoute(String name, long queues) {
    try {
      return producer.fetchPublishMessageQueues(name).size() == queues;
    } catch (MQClientException e) {
      return false;
    }
  }
}
