package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PullAnswer;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to send, with both versions and both header encodings; what was sent is pulled back. */
@ParameterizedClass
@EnumSource(ClientKind.class)
@SystemTest
final class SendStylesTest {

  // messages.md section 1: the system flag is the int at 36
  private static final int SYS_FLAG_LAST_BYTE = 39;

  @AutoClose
  private final Clients clients;

  SendStylesTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldSendAndWait() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();

    // when
    SendAnswer first = clients.driver().send(producer, OutgoingMessage.to(topic, "one"));
    SendAnswer second = clients.driver().send(producer, OutgoingMessage.to(topic, "two"));

    // then
    assertThat(first.status()).isEqualTo("SEND_OK");
    assertThat(first.brokerName()).isEqualTo(clients.brokerName());
    assertThat(first.queueOffset()).isZero();
    assertThat(second.queueOffset()).isOne();
    assertThat(second.offsetMessageId()).hasSize(32).isNotEqualTo(first.offsetMessageId());
    assertThat(bodies(stored(topic))).containsExactly("one", "two");
  }

  @Test
  void shouldKeepAllThatAMessageCarries() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    StringBuilder everyByte = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      everyByte.append(c);
    }

    // when
    SendAnswer sent = clients
        .driver()
        .send(
            producer,
            OutgoingMessage.to(topic, everyByte.toString())
                .tagged("paid")
                .keyed("order-17 customer-4")
                .with("country", "Österreich")
                .with("dash", "-"));

    // then
    ReceivedMessage received = stored(topic).get(0);
    assertThat(received.body()).isEqualTo(everyByte.toString());
    assertThat(received.tags()).isEqualTo("paid");
    assertThat(received.keys()).isEqualTo("order-17 customer-4");
    assertThat(received.properties())
        .containsEntry("country", "Österreich")
        .containsEntry("dash", "-");
    assertThat(received.messageId()).isEqualTo(sent.messageId());
    assertThat(received.offsetMessageId()).isEqualTo(sent.offsetMessageId());
    assertThat(received.queueOffset()).isEqualTo(sent.queueOffset());
    assertThat(received.reconsumeTimes()).isZero();
    assertThat(received.storedAtMillis()).isGreaterThanOrEqualTo(received.bornAtMillis() - 1000);
  }

  @Test
  void shouldSendWithACallback() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();

    // when
    SendAnswer sent = clients.driver().sendAsync(producer, OutgoingMessage.to(topic, "async"));

    // then
    assertThat(sent.status()).isEqualTo("SEND_OK");
    assertThat(stored(topic))
        .extracting(ReceivedMessage::messageId)
        .containsExactly(sent.messageId());
  }

  @Test
  void shouldSendOneWay() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();

    // when
    clients.driver().sendOneWay(producer, OutgoingMessage.to(topic, "no answer"));

    // then
    soon().until(() -> bodies(stored(topic)).equals(List.of("no answer")));
  }

  @Test
  void shouldSendABatchAsConsecutiveMessages() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    List<OutgoingMessage> batch = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      batch.add(
          OutgoingMessage.to(topic, "m" + i).keyed("k" + i).tagged(i % 2 == 0 ? "even" : "odd"));
    }

    // when
    SendAnswer sent = clients.driver().sendBatch(producer, batch);

    // then
    List<ReceivedMessage> stored = stored(topic);
    assertThat(sent.status()).isEqualTo("SEND_OK");
    assertThat(sent.messageId().split(",", -1)).hasSize(40);
    assertThat(sent.offsetMessageId().split(",", -1)).hasSize(40);
    assertThat(stored).hasSize(40);
    for (int i = 0; i < 40; i++) {
      ReceivedMessage message = stored.get(i);
      assertThat(message.body()).isEqualTo("m" + i);
      assertThat(message.keys()).isEqualTo("k" + i);
      assertThat(message.queueOffset()).isEqualTo(sent.queueOffset() + i);
      assertThat(message.messageId()).isEqualTo(sent.messageId().split(",", -1)[i]);
      assertThat(message.offsetMessageId()).isEqualTo(sent.offsetMessageId().split(",", -1)[i]);
    }
  }

  @Test
  void shouldSendToTheQueueThatASelectorPicks() {
    // given
    String topic = clients.freshTopic(4);
    String producer = clients.producer();

    // when
    SendAnswer sent =
        clients.driver().sendSelected(producer, OutgoingMessage.to(topic, "picked"), 6);

    // then
    assertThat(sent.queueId()).isEqualTo(2);
    assertThat(stored(topic))
        .singleElement()
        .extracting(ReceivedMessage::queueId)
        .isEqualTo(2);
  }

  @Test
  void shouldSendToAGivenQueue() {
    // given
    String topic = clients.freshTopic(4);
    String producer = clients.producer();

    // when
    SendAnswer sent = clients
        .driver()
        .sendToQueue(producer, OutgoingMessage.to(topic, "there"), clients.brokerName(), 3);

    // then
    assertThat(sent.queueId()).isEqualTo(3);
    assertThat(stored(topic))
        .singleElement()
        .extracting(ReceivedMessage::queueId)
        .isEqualTo(3);
  }

  @Test
  void shouldCreateATopicThatNobodyHasCreated(TestBed bed) {
    // given
    String topic = bed.fresh("new-topic");
    String producer = clients.producer();

    // when
    SendAnswer sent = clients.driver().send(producer, OutgoingMessage.to(topic, "first"));

    // then
    assertThat(sent.status()).isEqualTo("SEND_OK");
    soon().ignoreExceptions().until(() -> clients.driver().writableQueues(producer, topic) == 4);
  }

  @Test
  void shouldPassCompressedBodiesThrough() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String body = "compress me, please. ".repeat(1000);

    // when
    SendAnswer sent = clients.driver().send(producer, OutgoingMessage.to(topic, body));

    // then
    assertThat(bodies(stored(topic))).containsExactly(body);
    String record = clients.storedRecord(sent.offsetMessageId());
    assertThat(record.length()).as("stored bytes").isLessThan(body.length() / 2);
    assertThat(record.charAt(SYS_FLAG_LAST_BYTE) & 1).as("compressed flag").isOne();
  }

  /** All messages of the topic, queue by queue, as a plain pull consumer sees them. */
  private List<ReceivedMessage> stored(String topic) {
    String puller = clients.pull(clients.freshGroup());
    List<ReceivedMessage> all = new ArrayList<>();
    int queues = clients.driver().queues(puller, topic).size();
    for (int queueId = 0; queueId < queues; queueId++) {
      long offset = 0;
      PullAnswer pulled;
      do {
        pulled = clients
            .driver()
            .pull(
                puller, topic, clients.brokerName(), queueId, MessageFilter.EVERYTHING, offset, 32);
        all.addAll(pulled.messages());
        offset = pulled.nextOffset();
      } while (pulled.status().equals("FOUND"));
    }
    clients.stop(puller);
    return all;
  }

  private static List<String> bodies(List<ReceivedMessage> messages) {
    return messages.stream().map(ReceivedMessage::body).toList();
  }
}
