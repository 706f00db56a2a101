package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Waiting.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Compression;
import io.escrowmq.client.Consumer;
import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Filter;
import io.escrowmq.client.FilterRefusedException;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.Verdict;
import io.escrowmq.systemtests.driver.Outgoing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our push consumers against real brokers, alone and beside unmodified ones. */
@SystemTest
final class OwnConsumerTest {

  @AutoClose
  private final OwnClients clients;

  OwnConsumerTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  private ConsumerBuilder consumer(String group, String topic) {
    return clients.client().consumer(group).subscribe(topic).startFrom(StartFrom.begin());
  }

  private Producer producer() {
    return clients.client().producer().build();
  }

  @Test
  void shouldDeliverWhatOthersSent() {
    // given
    String topic = clients.freshTopic(2);
    String sender = clients.others().producer();
    Inbox inbox = new Inbox();
    consumer(clients.freshGroup(), topic).handler(inbox).start();

    // when
    clients.others().driver().send(sender, Outgoing.to(topic, "one teapot").tagged("placed"));

    // then
    soon().until(() -> inbox.deliveries().size() == 1);
    Delivery delivery = inbox.deliveries().get(0);
    assertThat(delivery.text()).isEqualTo("one teapot");
    assertThat(delivery.topic()).isEqualTo(topic);
    assertThat(delivery.tag()).isEqualTo("placed");
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.location()).hasSize(32);
  }

  @Test
  void shouldDeliverEachMessageOnceToAGroup() {
    // given
    String topic = clients.freshTopic(4);
    String group = clients.freshGroup();
    Inbox inbox = new Inbox();
    consumer(group, topic).handler(inbox).start();
    try (EscrowClient second = clients.another()) {
      second
          .consumer(group)
          .subscribe(topic)
          .startFrom(StartFrom.begin())
          .handler(inbox)
          .start();

      // when
      OwnClients.send(producer(), topic, 200);

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
    Consumer ours = consumer(group, topic).handler(inbox).start();
    String theirs = clients.others().push(group, topic);
    soon()
        .until(() ->
            ours.queues().stream().filter(queue -> queue.topic().equals(topic)).count() == 2);

    // when
    OwnClients.send(producer(), topic, 40);

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
  void shouldDeliverAFailedMessageAgain() {
    // given
    String topic = clients.freshTopic(1);
    Inbox inbox = new Inbox(delivery -> delivery.attempt() == 1);
    consumer(clients.freshGroup(), topic)
        .retryAfter(Duration.ofSeconds(1))
        .handler(inbox)
        .start();

    // when
    producer().send(Message.to(topic).key("k").body("again"));

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
    consumer(group, topic)
        .retryAfter(Duration.ofSeconds(1))
        .maxDeliveries(2)
        .handler(inbox)
        .start();

    // when
    producer().send(Message.to(topic).body("never"));

    // then
    Inbox dead = new Inbox();
    consumer(clients.freshGroup(), "%DLQ%" + group).handler(dead).start();
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
    consumer(group, topic)
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
    Producer producer = producer();
    producer.send(Message.to(topic).body("poison"));
    producer.send(Message.to(topic).body("later"));
    producer.send(Message.to(topic).body("fine"));

    // then
    Inbox dead = new Inbox();
    consumer(clients.freshGroup(), "%DLQ%" + group).handler(dead).start();
    soon().untilAsserted(() -> assertThat(dead.bodies()).containsExactly("poison"));
    soon()
        .untilAsserted(
            () -> assertThat(seen).containsExactlyInAnyOrder("poison", "later", "fine", "later"));
  }

  @Test
  void shouldKeepTheOrderOfAQueue() {
    // given
    String topic = clients.freshTopic(2);
    Map<String, List<String>> byKey = new ConcurrentHashMap<>();
    Producer producer = producer();
    for (int i = 0; i < 60; i++) {
      producer.send(Message.to(topic).orderingKey("customer-" + i % 5).body("m" + i));
    }

    // when
    consumer(clients.freshGroup(), topic)
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
    OwnClients.send(producer(), topic, 3);

    // when
    Inbox inbox = new Inbox(delivery -> delivery.text().equals("m1") && delivery.attempt() < 3);
    consumer(clients.freshGroup(), topic)
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
    OwnClients.send(producer(), topic, 2);

    // when
    Inbox inbox = new Inbox(delivery -> delivery.text().equals("m0"));
    consumer(group, topic)
        .retryAfter(Duration.ofMillis(50))
        .maxDeliveries(2)
        .orderlyHandler(inbox)
        .start();

    // then
    soon().untilAsserted(() -> assertThat(inbox.bodies()).containsExactly("m0", "m0", "m1"));
    Inbox dead = new Inbox();
    consumer(clients.freshGroup(), "%DLQ%" + group).handler(dead).start();
    soon().untilAsserted(() -> assertThat(dead.bodies()).containsExactly("m0"));
  }

  @Test
  void shouldHandOrderedQueuesOver() {
    // given
    String topic = clients.freshTopic(4);
    String group = clients.freshGroup();
    Inbox first = new Inbox();
    Consumer leaving = consumer(group, topic).orderlyHandler(first).start();
    Producer producer = producer();
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

  @Test
  void shouldDeliverToEveryMemberWhenBroadcasting(@TempDir Path folder) {
    // given
    String topic = clients.freshTopic(2);
    String group = clients.freshGroup();
    Inbox first = new Inbox();
    Inbox second = new Inbox();
    consumer(group, topic).broadcasting(folder.resolve("first")).handler(first).start();
    try (EscrowClient other = clients.another()) {
      Consumer leaving = other
          .consumer(group)
          .subscribe(topic)
          .startFrom(StartFrom.begin())
          .broadcasting(folder.resolve("second"))
          .handler(second)
          .start();
      Producer producer = producer();
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
  void shouldDeliverOnlyTheTagsAskedFor() {
    // given
    String topic = clients.freshTopic(2);
    Inbox some = new Inbox();
    Inbox all = new Inbox();
    clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic, Filter.tags("Aa", "red"))
        .startFrom(StartFrom.begin())
        .handler(some)
        .start();
    consumer(clients.freshGroup(), topic).handler(all).start();

    // when
    Producer producer = producer();
    for (String tag : List.of("red", "green", "Aa", "BB")) { // the last two have the same hash
      producer.send(Message.to(topic).tag(tag).body("is " + tag));
    }
    producer.send(Message.to(topic).body("untagged"));

    // then
    soon().until(() -> all.deliveries().size() == 5);
    soon()
        .untilAsserted(
            () -> assertThat(some.bodies()).containsExactlyInAnyOrder("is red", "is Aa"));
  }

  @Test
  void shouldDeliverOnlyWhatTheConditionWants() {
    // given
    String topic = clients.freshTopic(2);
    Inbox some = new Inbox();
    Inbox all = new Inbox();
    clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic, Filter.sql("price > 10 AND region IN ('north', 'east')"))
        .startFrom(StartFrom.begin())
        .handler(some)
        .start();
    consumer(clients.freshGroup(), topic).handler(all).start();

    // when
    Producer producer = producer();
    producer.send(
        Message.to(topic).property("price", "9").property("region", "north").body("1"));
    producer.send(
        Message.to(topic).property("price", "12").property("region", "east").body("2"));
    producer.send(Message.to(topic).property("price", "12").body("3"));

    // then
    soon().until(() -> all.deliveries().size() == 3);
    soon().untilAsserted(() -> assertThat(some.bodies()).containsExactly("2"));
  }

  @Test
  void shouldRefuseToStartWithAConditionThatCannotBeRead() {
    // given
    String topic = clients.freshTopic(1);
    ConsumerBuilder builder = clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic, Filter.sql("price >"))
        .handler(new Inbox());

    // when, then
    assertThatThrownBy(builder::start)
        .isInstanceOf(FilterRefusedException.class)
        .hasMessageContaining("price >");
  }

  @Test
  void shouldGoOnWhereTheGroupStopped() {
    // given
    String topic = clients.freshTopic(2);
    String group = clients.freshGroup();
    Producer producer = producer();
    Inbox before = new Inbox();
    Consumer leaving = consumer(group, topic).handler(before).start();
    OwnClients.send(producer, topic, 10);
    soon().until(() -> before.deliveries().size() == 10);

    // when
    leaving.close();
    producer.send(Message.to(topic).body("meanwhile"));
    Inbox after = new Inbox();
    consumer(group, topic).handler(after).start();

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
    Consumer consumer = consumer(group, topic)
        .handler(delivery -> {
          begun.countDown();
          finish.await();
          finished.incrementAndGet();
        })
        .start();
    producer().send(Message.to(topic).body("slow"));
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
    consumer(group, topic).handler(after).start();
    producer().send(Message.to(topic).body("next"));
    soon().until(() -> !after.deliveries().isEmpty());
    assertThat(after.bodies()).containsExactly("next");
  }

  @Test
  void shouldPauseAndGoOn() {
    // given
    String topic = clients.freshTopic(1);
    Inbox inbox = new Inbox();
    Consumer consumer = consumer(clients.freshGroup(), topic).handler(inbox).start();
    Producer producer = producer();
    producer.send(Message.to(topic).body("before"));
    soon().until(() -> inbox.deliveries().size() == 1);

    // when
    consumer.pause();
    Inbox others = new Inbox();
    consumer(clients.freshGroup(), topic).handler(others).start();
    producer.send(Message.to(topic).body("while paused"));
    soon().until(() -> others.deliveries().size() == 2);

    // then
    assertThat(inbox.bodies()).containsExactly("before");
    consumer.resume();
    soon()
        .untilAsserted(() -> assertThat(inbox.bodies()).containsExactly("before", "while paused"));
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldReadCompressedBodies(Compression compression) {
    // given
    String topic = clients.freshTopic(1);
    String body = "the same again and again, ".repeat(200);
    Inbox inbox = new Inbox();
    consumer(clients.freshGroup(), topic).handler(inbox).start();

    // when
    clients
        .client()
        .producer()
        .compression(compression, 1_000)
        .build()
        .send(Message.to(topic).body(body));

    // then
    soon().untilAsserted(() -> assertThat(inbox.bodies()).containsExactly(body));
  }

  @Test
  void shouldBeginWithWhatIsSentFromNowOnByDefault() {
    // given
    String topic = clients.freshTopic(1);
    Producer producer = producer();
    producer.send(Message.to(topic).body("long ago"));
    Inbox inbox = new Inbox();
    Consumer consumer = clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic)
        .handler(inbox)
        .start();
    soon()
        .until(() -> consumer.queues().stream().anyMatch(queue -> queue.topic().equals(topic)));

    // when, then
    soon().until(() -> {
      producer.send(Message.to(topic).body("now"));
      return !inbox.deliveries().isEmpty();
    });
    assertThat(Set.copyOf(inbox.bodies())).containsExactly("now");
  }

  @Test
  void shouldBeSeenByUnmodifiedTools() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    Inbox inbox = new Inbox();
    consumer(group, topic).handler(inbox).start();
    producer().send(Message.to(topic).body("x"));
    soon().until(() -> inbox.deliveries().size() == 1);

    // when, then
    soon()
        .untilAsserted(() -> assertThat(clients.others().mqadmin("consumerConnection", "-g", group))
            .contains("CONSUME_PASSIVELY")
            .contains(topic));
  }
}
