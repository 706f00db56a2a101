package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Messages that our push consumers fail to handle, with real brokers. */
@SystemTest
final class OwnRetryTest {

  @AutoClose
  private final OwnClients clients;

  OwnRetryTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldDeliverAFailedMessageAgain() {
    // given
    String topic = clients.freshTopic(1);
    Inbox inbox = new Inbox(delivery -> delivery.attempt() == 1);
    clients
        .consumer(clients.freshGroup(), topic)
        .retryAfter(Duration.ofSeconds(1))
        .handler(inbox)
        .start();

    // when
    clients.producer().send(Message.to(topic).key("k").body("again"));

    // then
    soon().until(() -> inbox.deliveries().size() == 2);
    Delivery second = inbox.deliveries().get(1);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.topic()).isEqualTo(topic);
    assertThat(second.messageId()).isEqualTo(inbox.deliveries().get(0).messageId());
  }

  @Test
  void shouldSetAsideWhatFailsEveryTime() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    Inbox inbox = new Inbox(delivery -> true);
    clients
        .consumer(group, topic)
        .retryAfter(Duration.ofSeconds(1))
        .maxDeliveries(2)
        .handler(inbox)
        .start();

    // when
    clients.producer().send(Message.to(topic).body("never"));

    // then
    Inbox dead = new Inbox();
    clients.consumer(clients.freshGroup(), "%DLQ%" + group).handler(dead).start();
    soon().untilAsserted(() -> assertThat(dead.bodies()).containsExactly("never"));
    assertThat(inbox.deliveries().stream().map(Delivery::attempt)).containsExactly(1, 2);
    assertThat(dead.deliveries().get(0).topic()).isEqualTo(topic);
  }

  @Test
  void shouldDoWhatTheHandlerDecides() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    List<String> seen = new CopyOnWriteArrayList<>();
    clients
        .consumer(group, topic)
        .decidingHandler(delivery -> {
          seen.add(delivery.text());
          return switch (delivery.text()) {
            case "poison" -> Verdict.deadLetter();
            case "later" ->
              delivery.attempt() == 1 ? Verdict.retryAfter(Duration.ofSeconds(1)) : Verdict.done();
            default -> Verdict.done();
          };
        })
        .start();

    // when
    Producer producer = clients.producer();
    producer.send(Message.to(topic).body("poison"));
    producer.send(Message.to(topic).body("later"));
    producer.send(Message.to(topic).body("fine"));

    // then
    Inbox dead = new Inbox();
    clients.consumer(clients.freshGroup(), "%DLQ%" + group).handler(dead).start();
    soon().untilAsserted(() -> assertThat(dead.bodies()).containsExactly("poison"));
    soon()
        .untilAsserted(
            () -> assertThat(seen).containsExactlyInAnyOrder("poison", "later", "fine", "later"));
  }
}
