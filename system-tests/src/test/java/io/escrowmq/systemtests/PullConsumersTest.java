package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PullAnswer;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.RocketDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Consumers that ask: the plain one and the lite one; offsets by number and by time. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
final class PullConsumersTest {

  @AutoClose
  private final Clients clients;

  private final RocketDriver driver;

  PullConsumersTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
    driver = clients.driver();
  }

  @Test
  void shouldTellWhatAPullFound() {
    // given
    String topic = topicWith(5);
    String puller = clients.pull(clients.freshGroup());

    // when
    PullAnswer some = pull(puller, topic, "*", 1, 3);
    PullAnswer atEnd = pull(puller, topic, "*", 5, 3);
    PullAnswer beyond = pull(puller, topic, "*", 99, 3);

    // then
    assertThat(some.status()).isEqualTo("FOUND");
    assertThat(some.messages()).extracting(ReceivedMessage::body).containsExactly("m1", "m2", "m3");
    assertThat(some.nextOffset()).isEqualTo(4);
    assertThat(some.minOffset()).isZero();
    assertThat(some.maxOffset()).isEqualTo(5);
    assertThat(atEnd.status()).isEqualTo("NO_NEW_MSG");
    assertThat(atEnd.nextOffset()).isEqualTo(5);
    assertThat(beyond.status()).isEqualTo("OFFSET_ILLEGAL");
    assertThat(beyond.nextOffset())
        .isIn(0L, 5L); // RocketMQ names the end, we what is new to the group
  }

  @Test
  void shouldSkipTagsThatWereNotAskedFor() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    driver.send(producer, OutgoingMessage.to(topic, "no").tagged("a"));
    driver.send(producer, OutgoingMessage.to(topic, "yes").tagged("b"));
    driver.send(producer, OutgoingMessage.to(topic, "no").tagged("a"));
    String puller = clients.pull(clients.freshGroup());

    // when
    PullAnswer found = pull(puller, topic, "b", 0, 32);
    PullAnswer nothing = pull(puller, topic, "c", 0, 32);

    // then
    assertThat(found.messages()).extracting(ReceivedMessage::body).containsExactly("yes");
    assertThat(found.nextOffset()).isEqualTo(3);
    assertThat(nothing.status()).isEqualTo("NO_MATCHED_MSG");
    assertThat(nothing.nextOffset()).isEqualTo(3);
  }

  @Test
  void shouldAnswerAWaitingPullWhenAMessageArrives() throws Exception {
    // given
    String topic = topicWith(1);
    String producer = clients.producer();
    String puller = clients.pull(clients.freshGroup());
    CompletableFuture<PullAnswer> waiting = CompletableFuture.supplyAsync(
        () -> driver.pullOrWait(puller, topic, clients.brokerName(), 0, "*", 1, 32));

    // when
    driver.send(producer, OutgoingMessage.to(topic, "at last"));

    // then
    PullAnswer pulled = waiting.get(10, TimeUnit.SECONDS);
    assertThat(pulled.messages()).extracting(ReceivedMessage::body).containsExactly("at last");
  }

  @Test
  void shouldKeepWaitingWhileOnlyOtherTagsArrive() throws Exception {
    // given
    String topic = topicWith(1);
    String producer = clients.producer();
    String puller = clients.pull(clients.freshGroup());
    CompletableFuture<PullAnswer> waiting = CompletableFuture.supplyAsync(
        () -> driver.pullOrWait(puller, topic, clients.brokerName(), 0, "mine", 1, 32));

    // when
    driver.send(producer, OutgoingMessage.to(topic, "not mine").tagged("yours"));
    driver.send(producer, OutgoingMessage.to(topic, "mine").tagged("mine"));

    // then
    List<String> bodies = new ArrayList<>();
    PullAnswer pulled = waiting.get(10, TimeUnit.SECONDS);
    pulled.messages().forEach(message -> bodies.add(message.body()));
    // the wait may have begun after the first send: then that one was scanned past without waiting
    if (pulled.status().equals("NO_MATCHED_MSG")) {
      pull(puller, topic, "mine", pulled.nextOffset(), 32)
          .messages()
          .forEach(message -> bodies.add(message.body()));
    }
    assertThat(bodies).containsExactly("mine");
  }

  @Test
  void shouldFindOffsetsByNumberAndByTime() {
    // given
    String topic = topicWith(3);
    String puller = clients.pull(clients.freshGroup());
    List<ReceivedMessage> stored = pull(puller, topic, "*", 0, 32).messages();
    long first = stored.get(0).storedAtMillis();
    long last = stored.get(2).storedAtMillis();

    // when
    long atFirst = driver.offsetAt(puller, topic, clients.brokerName(), 0, first);
    long longBefore = driver.offsetAt(puller, topic, clients.brokerName(), 0, first - 60_000);
    long longAfter = driver.offsetAt(puller, topic, clients.brokerName(), 0, last + 60_000);

    // then
    assertThat(driver.minOffset(puller, topic, clients.brokerName(), 0)).isZero();
    assertThat(driver.maxOffset(puller, topic, clients.brokerName(), 0)).isEqualTo(3);
    assertThat(atFirst).isZero();
    assertThat(longBefore).isZero();
    assertThat(longAfter).isEqualTo(3);
  }

  @Test
  void shouldRememberTheOffsetOfAGroup() {
    // given
    String topic = topicWith(3);
    String group = clients.freshGroup();
    String puller = clients.pull(group);

    // when
    soon().until(() -> {
      // one-way, and refused until the broker has heard of the group: clients repeat it too
      driver.commitOffset(puller, topic, clients.brokerName(), 0, 2);
      return driver.committedOffset(puller, topic, clients.brokerName(), 0) == 2;
    });

    // then
    clients.stop(puller);
    String next = clients.pull(group);
    assertThat(driver.committedOffset(next, topic, clients.brokerName(), 0)).isEqualTo(2);
  }

  @Test
  void shouldDeliverToALitePullConsumerThatSubscribes() {
    // given
    String topic = clients.freshTopic(4);
    String producer = clients.producer();
    for (int i = 0; i < 20; i++) {
      driver.send(producer, OutgoingMessage.to(topic, "m" + i).tagged(i % 2 == 0 ? "even" : "odd"));
    }

    // when
    String consumer = clients.litePull(clients.freshGroup(), topic, MessageFilter.tags("even"));

    // then
    List<String> polled = new ArrayList<>();
    soon().untilAsserted(() -> {
      driver.poll(consumer, 500).forEach(message -> polled.add(message.body()));
      assertThat(polled)
          .containsExactlyInAnyOrder(
              "m0", "m2", "m4", "m6", "m8", "m10", "m12", "m14", "m16", "m18");
    });
  }

  @Test
  void shouldLetALitePullConsumerGoBackToTheBeginning() {
    // given
    String topic = topicWith(6);
    String consumer = clients.assignedLitePull(clients.freshGroup(), topic);
    List<String> all = List.of("m0", "m1", "m2", "m3", "m4", "m5");
    List<String> polled = new ArrayList<>();
    driver.seekToBegin(consumer, topic);
    pollInto(polled, consumer, 6);

    // when
    driver.seekToBegin(consumer, topic);
    List<String> again = new ArrayList<>();
    pollInto(again, consumer, 6);

    // then
    assertThat(polled).containsExactlyElementsOf(all);
    assertThat(again).containsExactlyElementsOf(all);
  }

  @Test
  void shouldGoOnWhereALitePullConsumerCommitted() {
    // given
    String topic = topicWith(4);
    String producer = clients.producer();
    String group = clients.freshGroup();
    String before = clients.litePull(group, topic, MessageFilter.EVERYTHING);
    List<String> polled = new ArrayList<>();
    pollInto(polled, before, 4);
    driver.commitPolled(before);
    clients.stop(before);

    // when
    driver.send(producer, OutgoingMessage.to(topic, "new"));
    String after = clients.litePull(group, topic, MessageFilter.EVERYTHING);

    // then
    List<String> rest = new ArrayList<>();
    pollInto(rest, after, 1);
    assertThat(rest).containsExactly("new");
  }

  private void pollInto(List<String> polled, String consumer, int atLeast) {
    soon().until(() -> {
      driver.poll(consumer, 500).forEach(message -> polled.add(message.body()));
      return polled.size() >= atLeast;
    });
  }

  private PullAnswer pull(String puller, String topic, String tags, long offset, int atMost) {
    return driver.pull(
        puller, topic, clients.brokerName(), 0, MessageFilter.tags(tags), offset, atMost);
  }

  /** One queue with m0, m1, ... */
  private String topicWith(int messages) {
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    for (int i = 0; i < messages; i++) {
      driver.send(producer, OutgoingMessage.to(topic, "m" + i));
    }
    clients.stop(producer);
    return topic;
  }
}
