package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PushPlan;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Push consumers: concurrent, orderly, broadcasting; sharing, tags, where they begin. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
@SystemTest
final class PushConsumersTest {

  private static final int DELETE_TOPIC_IN_BROKER = 215;

  @AutoClose
  private final Clients clients;

  PushConsumersTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldDeliverEachMessageOnceToAGroup() {
    // given
    String topic = clients.freshTopic(4);
    String producer = clients.producer();
    String group = clients.freshGroup();
    List<String> consumers = List.of(clients.push(group, topic), clients.push(group, topic));

    awaitShared(consumers, producer, topic);

    // when
    List<String> sent = send(producer, topic, 40);

    // then
    soon()
        .untilAsserted(() -> assertThat(bodies(consumers))
            .filteredOn(body -> !body.equals("warm-up"))
            .containsExactlyInAnyOrderElementsOf(sent));
  }

  /** While queues change hands, a message may be delivered to both. */
  private void awaitShared(List<String> consumers, String producer, String topic) {
    soon().until(() -> {
      clients.driver().send(producer, OutgoingMessage.to(topic, "warm-up"));
      return consumers.stream()
          .noneMatch(consumer -> clients.driver().received(consumer).isEmpty());
    });
  }

  @Test
  void shouldDeliverAtOnceToAWaitingConsumer() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String consumer = clients.push(clients.freshGroup(), topic);
    clients.driver().send(producer, OutgoingMessage.to(topic, "warm-up"));
    soon().until(() -> clients.driver().received(consumer).size() == 1);

    // when
    clients.driver().send(producer, OutgoingMessage.to(topic, "now"));

    // then
    soon().until(() -> clients.driver().received(consumer).size() == 2);
    ReceivedMessage now = clients.driver().received(consumer).get(1);
    // a pull that waits is answered when the message is there, not when its time is over (15 s)
    assertThat(now.receivedAtMillis() - now.storedAtMillis()).isLessThan(5000);
  }

  @Test
  void shouldDeliverToEveryMemberWhenBroadcasting() {
    // given
    String topic = clients.freshTopic(2);
    String producer = clients.producer();
    String group = clients.freshGroup();
    String first = clients.push(group, topic, PushPlan::toEveryMember);
    String second = clients.push(group, topic, PushPlan::toEveryMember);

    // when
    List<String> sent = send(producer, topic, 10);

    // then
    soon().untilAsserted(() -> {
      assertThat(bodies(List.of(first))).containsExactlyInAnyOrderElementsOf(sent);
      assertThat(bodies(List.of(second))).containsExactlyInAnyOrderElementsOf(sent);
    });
  }

  @Test
  void shouldDeliverEveryMessageOfATopicThatWasDeletedAndMadeAgain() {
    // given
    String topic = clients.freshTopic(2);
    String producer = clients.producer();
    String consumer = clients.push(clients.freshGroup(), topic);
    List<String> former = send(producer, topic, 6);
    soon().until(() -> clients.driver().received(consumer).size() == former.size());

    // when
    clients.request(clients.brokerAddress(), DELETE_TOPIC_IN_BROKER, Map.of("topic", topic));
    clients.createTopic(clients.server(), topic, 2);
    List<String> sent = IntStream.range(0, 6).mapToObj(i -> "again-" + i).toList();
    sent.forEach(body -> clients.driver().send(producer, OutgoingMessage.to(topic, body)));

    // then: a client of 4.9 pauses for 10 s before it takes a queue whose offset has moved
    soon().untilAsserted(() -> assertThat(bodies(List.of(consumer))).containsAll(sent));
  }

  @Test
  void shouldKeepTheOrderOfAQueue() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    List<String> sent = send(producer, topic, 60);

    // when
    String consumer = clients.push(clients.freshGroup(), topic, PushPlan::inOrder);

    // then
    soon()
        .untilAsserted(() -> assertThat(bodies(List.of(consumer))).containsExactlyElementsOf(sent));
  }

  @Test
  void shouldRepeatAFailedMessageBeforeTheNextWhenOrderly() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    send(producer, topic, 2);

    // when
    String consumer =
        clients.push(clients.freshGroup(), topic, plan -> plan.inOrder().failing(1, -1, 0));

    // then
    soon()
        .untilAsserted(
            () -> assertThat(bodies(List.of(consumer))).containsExactly("m0", "m0", "m1", "m1"));
  }

  @Test
  void shouldDeliverOnlyTheTagsAskedFor() {
    // given
    String topic = clients.freshTopic(2);
    String producer = clients.producer();
    String some = clients.push(clients.freshGroup(), topic, plan -> plan.matching("red || blue"));
    String all = clients.push(clients.freshGroup(), topic);

    // when
    for (String tag : List.of("red", "green", "blue", "", "red")) {
      clients.driver().send(producer, OutgoingMessage.to(topic, "is " + tag).tagged(tag));
    }

    // then
    soon().until(() -> clients.driver().received(all).size() == 5);
    soon()
        .untilAsserted(() -> assertThat(bodies(List.of(some)))
            .containsExactlyInAnyOrder("is red", "is blue", "is red"));
  }

  @Test
  void shouldGoOnWhereTheGroupStopped() {
    // given
    String topic = clients.freshTopic(2);
    String producer = clients.producer();
    String group = clients.freshGroup();
    String before = clients.push(group, topic);
    send(producer, topic, 10);
    soon().until(() -> clients.driver().received(before).size() == 10);
    clients.stop(before);

    // when
    clients.driver().send(producer, OutgoingMessage.to(topic, "meanwhile"));
    String after = clients.push(group, topic);

    // then
    soon().untilAsserted(() -> assertThat(bodies(List.of(after))).containsExactly("meanwhile"));
  }

  private List<String> send(String producer, String topic, int count) {
    List<String> bodies = IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    bodies.forEach(body -> clients.driver().send(producer, OutgoingMessage.to(topic, body)));
    return bodies;
  }

  private List<String> bodies(List<String> consumers) {
    List<String> bodies = new ArrayList<>();
    for (String consumer : consumers) {
      clients.driver().received(consumer).forEach(message -> bodies.add(message.body()));
    }
    return bodies;
  }
}
