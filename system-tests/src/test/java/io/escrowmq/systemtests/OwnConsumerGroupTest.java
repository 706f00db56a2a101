package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.StartFrom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members of a consumer group, ours alone and beside unmodified ones: who gets what, and what is left when one stops.
 */
@SystemTest
final class OwnConsumerGroupTest {

  @AutoClose
  private final OwnClients clients;

  OwnConsumerGroupTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldDeliverEachMessageOnceToAGroup() {
    // given
    String topic = clients.freshTopic(4);
    String group = clients.freshGroup();
    Inbox inbox = new Inbox();
    clients.consumer(group, topic).handler(inbox).start();
    try (EscrowClient second = clients.another()) {
      second
          .consumer(group)
          .subscribe(topic)
          .startFrom(StartFrom.begin())
          .handler(inbox)
          .start();

      // when
      OwnClients.send(clients.producer(), topic, 200);

      // then
      soon().until(() -> inbox.deliveries().size() >= 200);
      assertThat(new HashSet<>(inbox.bodies())).hasSize(200);
    }
  }

  @Test
  void shouldShareQueuesWithUnmodifiedMembers() {
    // given
    String topic = clients.freshTopic(4);
    String group = clients.freshGroup();
    Inbox inbox = new Inbox();
    Consumer ours = clients.consumer(group, topic).handler(inbox).start();
    String theirs = clients.others().push(group, topic);
    soon()
        .until(() ->
            ours.queues().stream().filter(queue -> queue.topic().equals(topic)).count() == 2);

    // when
    OwnClients.send(clients.producer(), topic, 40);

    // then
    soon().untilAsserted(() -> {
      List<String> bodies = new ArrayList<>(inbox.bodies());
      clients.others().driver().received(theirs).forEach(message -> bodies.add(message.body()));
      assertThat(bodies)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 40).mapToObj(i -> "m" + i).toList());
    });
    assertThat(inbox.deliveries()).hasSize(20);
  }

  @Test
  void shouldDeliverToEveryMemberWhenBroadcasting(@TempDir Path folder) {
    // given
    String topic = clients.freshTopic(2);
    String group = clients.freshGroup();
    Inbox first = new Inbox();
    Inbox second = new Inbox();
    clients
        .consumer(group, topic)
        .broadcasting(folder.resolve("first"))
        .handler(first)
        .start();
    try (EscrowClient other = clients.another()) {
      Consumer leaving = other
          .consumer(group)
          .subscribe(topic)
          .startFrom(StartFrom.begin())
          .broadcasting(folder.resolve("second"))
          .handler(second)
          .start();
      Producer producer = clients.producer();
      OwnClients.send(producer, topic, 10);
      soon().until(() -> first.deliveries().size() == 10 && second.deliveries().size() == 10);

      // when
      leaving.close();
      producer.send(Message.to(topic).body("meanwhile"));
      Inbox third = new Inbox();
      other
          .consumer(group)
          .subscribe(topic)
          .broadcasting(folder.resolve("second"))
          .handler(third)
          .start();

      // then
      soon().untilAsserted(() -> assertThat(third.bodies()).containsExactly("meanwhile"));
    }
  }

  @Test
  void shouldGoOnWhereTheGroupStopped() {
    // given
    String topic = clients.freshTopic(2);
    String group = clients.freshGroup();
    Producer producer = clients.producer();
    Inbox before = new Inbox();
    Consumer leaving = clients.consumer(group, topic).handler(before).start();
    OwnClients.send(producer, topic, 10);
    soon().until(() -> before.deliveries().size() == 10);

    // when
    leaving.close();
    producer.send(Message.to(topic).body("meanwhile"));
    Inbox after = new Inbox();
    clients.consumer(group, topic).handler(after).start();

    // then
    soon().untilAsserted(() -> assertThat(after.bodies()).containsExactly("meanwhile"));
  }

  @Test
  void shouldFinishWhatItBeganBeforeItStops() throws Exception {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger finished = new AtomicInteger();
    Consumer consumer = clients
        .consumer(group, topic)
        .handler(delivery -> {
          begun.countDown();
          finish.await();
          finished.incrementAndGet();
        })
        .start();
    clients.producer().send(Message.to(topic).body("slow"));
    begun.await();

    // when
    Thread stopping = new Thread(consumer::close);
    stopping.start();
    soon().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
    finish.countDown();
    stopping.join();

    // then
    assertThat(finished).hasValue(1);
    Inbox after = new Inbox();
    clients.consumer(group, topic).handler(after).start();
    clients.producer().send(Message.to(topic).body("next"));
    soon().until(() -> !after.deliveries().isEmpty());
    assertThat(after.bodies()).containsExactly("next");
  }

  @Test
  void shouldPauseAndGoOn() {
    // given
    String topic = clients.freshTopic(1);
    Inbox inbox = new Inbox();
    Consumer consumer =
        clients.consumer(clients.freshGroup(), topic).handler(inbox).start();
    Producer producer = clients.producer();
    producer.send(Message.to(topic).body("before"));
    soon().until(() -> inbox.deliveries().size() == 1);

    // when
    consumer.pause();
    Inbox others = new Inbox();
    clients.consumer(clients.freshGroup(), topic).handler(others).start();
    producer.send(Message.to(topic).body("while paused"));
    soon().until(() -> others.deliveries().size() == 2);

    // then
    assertThat(inbox.bodies()).containsExactly("before");
    consumer.resume();
    soon()
        .untilAsserted(() -> assertThat(inbox.bodies()).containsExactly("before", "while paused"));
  }

  @Test
  void shouldBeSeenByUnmodifiedTools() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    Inbox inbox = new Inbox();
    clients.consumer(group, topic).handler(inbox).start();
    clients.producer().send(Message.to(topic).body("x"));
    soon().until(() -> inbox.deliveries().size() == 1);

    // when, then
    soon()
        .untilAsserted(() -> assertThat(clients.others().mqadmin("consumerConnection", "-g", group))
            .contains("CONSUME_PASSIVELY")
            .contains(topic));
  }
}
