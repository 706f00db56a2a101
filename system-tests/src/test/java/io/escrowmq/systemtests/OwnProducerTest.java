package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Compression;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our producer against real brokers; unmodified consumers see what it sent. */
@SystemTest
final class OwnProducerTest {

  @AutoClose
  private final OwnClients clients;

  OwnProducerTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldSendWhatOthersReceive() {
    // given
    String topic = clients.freshTopic(4);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    Producer producer = clients.client().producer().build();

    // when
    SendReceipt receipt = producer.send(Message.to(topic)
        .tag("placed")
        .key("order-17")
        .key("customer-3")
        .property("price", "12 €")
        .body("one teapot"));

    // then
    soon().until(() -> clients.others().driver().received(consumer).size() == 1);
    ReceivedMessage received = clients.others().driver().received(consumer).get(0);
    assertThat(received.body()).isEqualTo("one teapot");
    assertThat(received.tags()).isEqualTo("placed");
    assertThat(received.keys()).isEqualTo("order-17 customer-3");
    assertThat(received.properties()).containsEntry("price", "12 €");
    assertThat(received.messageId()).isEqualTo(receipt.messageId());
    assertThat(received.queueId()).isEqualTo(receipt.queue().queueId());
    assertThat(received.queueOffset()).isEqualTo(receipt.queueOffset());
    assertThat(receipt.safety()).isEqualTo(Safety.AS_CONFIGURED);
  }

  @Test
  void shouldSpreadMessagesOverQueues() {
    // given
    String topic = clients.freshTopic(4);
    Producer producer = clients.client().producer().build();

    // when
    List<SendReceipt> receipts = OwnClients.send(producer, topic, 8);

    // then
    assertThat(receipts.stream().map(receipt -> receipt.queue().queueId()))
        .containsExactlyInAnyOrder(0, 0, 1, 1, 2, 2, 3, 3);
  }

  @Test
  void shouldKeepMessagesOfOneOrderingKeyInOneQueue() {
    // given
    String topic = clients.freshTopic(4);
    Producer producer = clients.client().producer().build();

    // when
    List<SendReceipt> receipts = IntStream.range(0, 8)
        .mapToObj(i -> producer.send(Message.to(topic).orderingKey("customer-3").body("m" + i)))
        .toList();

    // then
    assertThat(receipts.stream().map(SendReceipt::queue).distinct()).hasSize(1);
    assertThat(receipts.stream().map(SendReceipt::queueOffset))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void shouldConfirmManyAsynchronousSends() {
    // given
    String topic = clients.freshTopic(4);
    Producer producer = clients.client().producer().build();

    // when
    List<CompletionStage<SendReceipt>> stages = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      stages.add(producer.sendAsync(Message.to(topic).body("m" + i)));
    }

    // then
    assertThat(stages.stream()
            .map(stage -> stage.toCompletableFuture().join())
            .map(receipt -> receipt.queue() + "@" + receipt.queueOffset()))
        .hasSize(1_000)
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldSendBatchesInOnePiece() {
    // given
    String topic = clients.freshTopic(4);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    Producer producer = clients.client().producer().build();

    // when
    List<SendReceipt> receipts = producer.sendBatch(List.of(
        Message.to(topic).body("a"),
        Message.to(topic).tag("t").body("b"),
        Message.to(topic).body("c")));

    // then
    assertThat(receipts.stream().map(SendReceipt::queue).distinct()).hasSize(1);
    assertThat(receipts.stream().map(SendReceipt::queueOffset)).containsExactly(0L, 1L, 2L);
    soon().until(() -> clients.others().driver().received(consumer).size() == 3);
    assertThat(
            clients.others().driver().received(consumer).stream().map(ReceivedMessage::messageId))
        .containsExactlyInAnyOrderElementsOf(
            receipts.stream().map(SendReceipt::messageId).toList());
  }

  @Test
  void shouldLetMessagesWaitForEachOtherWhenTold() {
    // given
    String topic = clients.freshTopic(4);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    Producer producer =
        clients.client().producer().linger(Duration.ofMillis(200)).build();

    // when
    List<CompletionStage<SendReceipt>> stages = IntStream.range(0, 20)
        .mapToObj(i -> producer.sendAsync(Message.to(topic).body("m" + i)))
        .toList();

    // then
    assertThat(stages.stream()
            .map(stage -> stage.toCompletableFuture().join().queue())
            .distinct())
        .as("queues, one for each batch")
        .hasSize(1);
    soon().until(() -> clients.others().driver().received(consumer).size() == 20);
  }

  @Test
  void shouldSendWithoutWaitingForAnAnswer() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    Producer producer = clients.client().producer().build();

    // when
    producer.sendOneWay(Message.to(topic).body("anybody there?"));

    // then
    soon().until(() -> clients.others().driver().received(consumer).size() == 1);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void shouldCompressWhatOthersCanRead(Compression compression) {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    Producer producer =
        clients.client().producer().compression(compression, 1_000).build();
    String body = "the same again and again, ".repeat(200);

    // when
    producer.send(Message.to(topic).body(body));

    // then
    soon().until(() -> clients.others().driver().received(consumer).size() == 1);
    assertThat(clients.others().driver().received(consumer).get(0).body()).isEqualTo(body);
  }

  @Test
  void shouldDeliverDelayedMessagesLater() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    Producer producer = clients.client().producer().build();

    // when
    producer.send(Message.to(topic).delay(Duration.ofSeconds(2)).body("later"));
    producer.send(Message.to(topic).body("now"));

    // then
    soon().until(() -> clients.others().driver().received(consumer).size() == 2);
    assertThat(clients.others().driver().received(consumer).stream().map(ReceivedMessage::body))
        .containsExactly("now", "later");
  }

  @RepeatedTest(10)
  void shouldKnowTheQueuesOfATopicThatItHasCreated() {
    // given
    String topic = clients.freshGroup();
    Producer producer = clients.client().producer().build();
    SendReceipt receipt = producer.send(Message.to(topic).body("m"));

    // when
    List<TopicQueue> queues = clients.client().queuesOf(topic);

    // then
    assertThat(queues).hasSize(4).contains(receipt.queue());
  }

  @Test
  void shouldCreateTopicsWhereBrokersDo() {
    // given
    String topic = clients.freshGroup();
    Producer producer = clients.client().producer().build();

    // when
    List<SendReceipt> receipts = OwnClients.send(producer, topic, 4);

    // then
    assertThat(receipts.stream().map(receipt -> receipt.queue().queueId()).distinct())
        .hasSize(4);
  }
}
