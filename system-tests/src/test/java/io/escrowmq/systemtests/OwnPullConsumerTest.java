package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Filter;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.PullConsumerBuilder;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Our polled consumer against real brokers. */
@SystemTest
final class OwnPullConsumerTest {

  private static final Duration A_WHILE = Duration.ofSeconds(10);

  @AutoClose
  private final OwnClients clients;

  OwnPullConsumerTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  private PullConsumerBuilder consumer(String group) {
    return clients.client().pullConsumer(group).startFrom(StartFrom.begin());
  }

  private List<SendReceipt> send(String topic, int count) {
    try (Producer producer = clients.client().producer().build()) {
      return OwnClients.send(producer, topic, count);
    }
  }

  /** Polls until so many have come. */
  private static List<String> poll(PullConsumer consumer, int count) {
    List<String> bodies = new ArrayList<>();
    soon().until(() -> {
      consumer.poll(Duration.ofMillis(200)).forEach(delivery -> bodies.add(delivery.text()));
      return bodies.size() >= count;
    });
    return bodies;
  }

  @Test
  void shouldReadAssignedQueuesInOrder() {
    // given
    String topic = clients.freshTopic(1);
    send(topic, 20);

    // when
    PullConsumer consumer =
        consumer(clients.freshGroup()).assign(clients.client().queuesOf(topic)).build();

    // then
    assertThat(poll(consumer, 20))
        .containsExactly(
            "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13",
            "m14", "m15", "m16", "m17", "m18", "m19");
  }

  @Test
  void shouldShareSubscribedTopics() {
    // given
    String topic = clients.freshTopic(4);
    String group = clients.freshGroup();
    PullConsumer first = consumer(group).subscribe(topic).build();
    try (EscrowClient other = clients.another()) {
      PullConsumer second = other
          .pullConsumer(group)
          .startFrom(StartFrom.begin())
          .subscribe(topic)
          .build();

      // when, then
      soon().until(() -> first.queues().size() == 2 && second.queues().size() == 2);
      assertThat(first.queues()).doesNotContainAnyElementsOf(second.queues());
    }
    soon().until(() -> first.queues().size() == 4);
  }

  @Test
  void shouldGoOnAtWhatWasCommitted() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    List<TopicQueue> queues = clients.client().queuesOf(topic);
    send(topic, 5);
    try (PullConsumer before = consumer(group).assign(queues).maxPolled(3).build()) {
      assertThat(before.poll(A_WHILE)).hasSize(3);

      // when
      before.commit();

      // then
      assertThat(before.committed(queues.get(0))).hasValue(3);
      assertThat(before.position(queues.get(0))).isEqualTo(3);
      assertThat(before.lag(queues.get(0))).isEqualTo(2);
    }
    PullConsumer after = consumer(group).assign(queues).build();
    assertThat(poll(after, 2)).containsExactly("m3", "m4");
  }

  @Test
  void shouldRecordNothingByItself() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    List<TopicQueue> queues = clients.client().queuesOf(topic);
    send(topic, 5);

    // when
    try (PullConsumer before = consumer(group).assign(queues).build()) {
      poll(before, 5);
    }

    // then
    PullConsumer after = consumer(group).assign(queues).build();
    assertThat(after.committed(queues.get(0))).isEmpty();
    assertThat(poll(after, 5)).hasSize(5);
  }

  @Test
  void shouldSeek() {
    // given
    String topic = clients.freshTopic(1);
    TopicQueue queue = clients.client().queuesOf(topic).get(0);
    send(topic, 5);
    PullConsumer consumer =
        consumer(clients.freshGroup()).assign(List.of(queue)).build();
    List<Delivery> all = new ArrayList<>();
    soon().until(() -> {
      all.addAll(consumer.poll(Duration.ofMillis(200)));
      return all.size() == 5;
    });

    // when, then
    consumer.seek(queue, 3);
    assertThat(poll(consumer, 2)).containsExactly("m3", "m4");
    consumer.seekToBegin(queue);
    assertThat(poll(consumer, 5)).hasSize(5);
    consumer.seek(queue, all.get(0).storedAt());
    assertThat(poll(consumer, 5)).hasSize(5);
    consumer.seek(queue, 1_000);
    consumer.seekToEnd(queue);
    assertThat(consumer.position(queue)).isEqualTo(5);
    send(topic, 1);
    assertThat(poll(consumer, 1)).containsExactly("m0");
  }

  @Test
  void shouldWaitForTheFirstMessage() {
    // given
    String topic = clients.freshTopic(1);
    PullConsumer consumer =
        consumer(clients.freshGroup()).assign(clients.client().queuesOf(topic)).build();
    assertThat(consumer.poll(Duration.ZERO)).isEmpty();

    // when
    send(topic, 1);

    // then
    assertThat(consumer.poll(A_WHILE)).hasSize(1);
  }

  @Test
  void shouldLeavePausedQueuesAlone() {
    // given
    String topic = clients.freshTopic(1);
    TopicQueue queue = clients.client().queuesOf(topic).get(0);
    PullConsumer consumer =
        consumer(clients.freshGroup()).assign(List.of(queue)).build();
    PullConsumer other = consumer(clients.freshGroup()).assign(List.of(queue)).build();

    // when
    consumer.pause(Set.of(queue));
    send(topic, 1);
    assertThat(other.poll(A_WHILE)).hasSize(1);

    // then
    assertThat(consumer.poll(Duration.ZERO)).isEmpty();
    consumer.resume(Set.of(queue));
    assertThat(consumer.poll(A_WHILE)).hasSize(1);
  }

  @Test
  void shouldReadWhatTheFilterWants() {
    // given
    String topic = clients.freshTopic(1);
    PullConsumer consumer =
        consumer(clients.freshGroup()).subscribe(topic, Filter.tags("red")).build();

    // when
    try (Producer producer = clients.client().producer().build()) {
      producer.send(Message.to(topic).tag("green").body("1"));
      producer.send(Message.to(topic).tag("red").body("2"));
    }

    // then
    assertThat(poll(consumer, 1)).containsExactly("2");
    TopicQueue queue = clients.client().queuesOf(topic).get(0);
    soon().untilAsserted(() -> assertThat(consumer.position(queue)).isEqualTo(2));
  }
}
