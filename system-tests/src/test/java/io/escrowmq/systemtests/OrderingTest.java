package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PushPlan;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages of one key arrive in their order, whoever comes and goes. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
@SystemTest
final class OrderingTest {

  private static final int QUEUES = 4;
  private static final int KEYS = 7;

  @AutoClose
  private final Clients clients;

  private int sent;

  OrderingTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldKeepTheOrderOfAKeyWhileASecondConsumerJoinsAndLeaves() {
    // given
    String topic = clients.freshTopic(QUEUES);
    String producer = clients.producer();
    String group = clients.freshGroup();
    String first = clients.push(group, topic, PushPlan::inOrder);
    send(producer, topic, 50);
    within(20).until(() -> received(first).size() >= 50);

    // when
    String second = clients.push(group, topic, PushPlan::inOrder);
    within(40).until(() -> {
      send(producer, topic, 5);
      return received(second).size() >= 20;
    });
    send(producer, topic, 50);
    clients.stop(second);
    send(producer, topic, 50);

    // then
    within(40)
        .untilAsserted(() -> assertThat(bodies(received(first), received(second)))
            .as("everything has arrived")
            .hasSize(sent));
    assertThat(firstArrivalsByKey(received(first), received(second)))
        .hasSize(KEYS)
        .allSatisfy((key, numbers) ->
            assertThat(numbers).as("numbers of %s by arrival", key).isSorted());
  }

  /** Message number n has key n modulo KEYS, and each key has its queue. */
  private void send(String producer, String topic, int count) {
    for (int i = 0; i < count; i++) {
      int key = sent % KEYS;
      OutgoingMessage message =
          OutgoingMessage.to(topic, Integer.toString(sent)).keyed("k" + key);
      clients.driver().sendSelected(producer, message, key);
      sent++;
    }
  }

  private List<ReceivedMessage> received(String consumer) {
    return clients.driver().received(consumer);
  }

  private static Set<String> bodies(List<ReceivedMessage> first, List<ReceivedMessage> second) {
    Set<String> bodies = new HashSet<>();
    first.forEach(message -> bodies.add(message.body()));
    second.forEach(message -> bodies.add(message.body()));
    return bodies;
  }

  /** A message may come twice when a queue changes hands; the order counts for the first time. */
  private static Map<String, List<Integer>> firstArrivalsByKey(
      List<ReceivedMessage> first, List<ReceivedMessage> second) {
    List<ReceivedMessage> all = new ArrayList<>(first);
    all.addAll(second);
    all.sort(Comparator.comparingLong(ReceivedMessage::arrival));
    Map<String, List<Integer>> numbers = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (ReceivedMessage message : all) {
      if (seen.add(message.body())) {
        numbers
            .computeIfAbsent(message.keys(), key -> new ArrayList<>())
            .add(Integer.parseInt(message.body()));
      }
    }
    return numbers;
  }
}
