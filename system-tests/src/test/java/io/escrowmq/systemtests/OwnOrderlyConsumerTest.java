package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.StartFrom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Our consumers that handle a queue in its order, with real brokers. */
@SystemTest
final class OwnOrderlyConsumerTest {

  @AutoClose
  private final OwnClients clients;

  OwnOrderlyConsumerTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldKeepTheOrderOfAQueue() {
    // given
    String topic = clients.freshTopic(2);
    Map<String, List<String>> byKey = new ConcurrentHashMap<>();
    Producer producer = clients.producer();
    for (int i = 0; i < 60; i++) {
      producer.send(Message.to(topic).orderingKey("customer-" + i % 5).body("m" + i));
    }

    // when
    clients
        .consumer(clients.freshGroup(), topic)
        .orderlyHandler(delivery -> byKey
            .computeIfAbsent(
                String.valueOf(delivery.orderingKey()), key -> new CopyOnWriteArrayList<>())
            .add(delivery.text()))
        .start();

    // then
    soon().until(() -> byKey.values().stream().mapToInt(List::size).sum() >= 60);
    byKey.forEach((key, bodies) -> assertThat(bodies)
        .as(key)
        .containsExactlyElementsOf(IntStream.range(0, 60)
            .filter(i -> key.equals("customer-" + i % 5))
            .mapToObj(i -> "m" + i)
            .toList()));
  }

  @Test
  void shouldRepeatAFailedMessageBeforeTheNextWhenOrderly() {
    // given
    String topic = clients.freshTopic(1);
    OwnClients.send(clients.producer(), topic, 3);

    // when
    Inbox inbox = new Inbox(delivery -> delivery.text().equals("m1") && delivery.attempt() < 3);
    clients
        .consumer(clients.freshGroup(), topic)
        .retryAfter(Duration.ofMillis(50))
        .orderlyHandler(inbox)
        .start();

    // then
    soon()
        .untilAsserted(
            () -> assertThat(inbox.bodies()).containsExactly("m0", "m1", "m1", "m1", "m2"));
  }

  @Test
  void shouldGoOnBehindAPoisonedMessageWhenOrderly() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    OwnClients.send(clients.producer(), topic, 2);

    // when
    Inbox inbox = new Inbox(delivery -> delivery.text().equals("m0"));
    clients
        .consumer(group, topic)
        .retryAfter(Duration.ofMillis(50))
        .maxDeliveries(2)
        .orderlyHandler(inbox)
        .start();

    // then
    soon().untilAsserted(() -> assertThat(inbox.bodies()).containsExactly("m0", "m0", "m1"));
    Inbox dead = new Inbox();
    clients.consumer(clients.freshGroup(), "%DLQ%" + group).handler(dead).start();
    soon().untilAsserted(() -> assertThat(dead.bodies()).containsExactly("m0"));
  }

  @Test
  void shouldHandOrderedQueuesOver() {
    // given
    String topic = clients.freshTopic(4);
    String group = clients.freshGroup();
    Inbox first = new Inbox();
    Consumer leaving = clients.consumer(group, topic).orderlyHandler(first).start();
    Producer producer = clients.producer();
    OwnClients.send(producer, topic, 20);
    soon().until(() -> first.deliveries().size() == 20);

    // when
    Inbox second = new Inbox();
    try (EscrowClient other = clients.another()) {
      other
          .consumer(group)
          .subscribe(topic)
          .startFrom(StartFrom.begin())
          .orderlyHandler(second)
          .start();
      leaving.close();
      OwnClients.send(producer, topic, 20);

      // then
      soon().until(() -> second.deliveries().size() >= 20);
      assertThat(second.deliveries()).hasSize(20);
    }
  }
}
