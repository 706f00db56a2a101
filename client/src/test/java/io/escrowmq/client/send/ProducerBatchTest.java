package io.escrowmq.client.send;

import static io.escrowmq.client.send.ProducerBed.BATCH_BYTES;
import static io.escrowmq.client.send.ProducerBed.LINGER;
import static io.escrowmq.client.send.ProducerBed.failure;
import static io.escrowmq.client.send.ProducerBed.message;
import static io.escrowmq.client.send.ProducerBed.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.BatchCodec;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.Properties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Batches, of messages that waited for each other or were given together. */
final class ProducerBatchTest {

  private final ProducerBed bed = new ProducerBed();
  private final ManualTimer timer = bed.timer;
  private final FakeNetwork network = bed.network;
  private final FakeRoutes names = bed.names;

  @Test
  void shouldLetMessagesWaitForEachOther() {
    // given
    GroupProducer producer = bed.producer(LINGER, 1 << 20);
    CompletionStage<SendReceipt> first = producer.sendAsync(message(3));
    CompletionStage<SendReceipt> second =
        producer.sendAsync(Message.to("orders").tag("t").body("abc"));

    // when
    timer.advance(LINGER.minusMillis(1));
    int early = bed.batches().size();
    timer.advance(Duration.ofMillis(1));

    // then
    assertThat(early).isZero();
    assertThat(bed.batches()).hasSize(1);
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(bed.batches().get(0).body()));
    assertThat(items).hasSize(2);
    assertThat(Properties.value(items.get(1).propertyString(), "TAGS")).isEqualTo("t");
    bed.batches().get(0).answer(stored("0A,0B"));
    assertThat(first.toCompletableFuture().join().queueOffset()).isEqualTo(40);
    assertThat(second.toCompletableFuture().join().queueOffset()).isEqualTo(41);
    assertThat(second.toCompletableFuture().join().location()).isEqualTo("0B");
    assertThat(second.toCompletableFuture().join().messageId())
        .isEqualTo(Properties.value(items.get(1).propertyString(), "UNIQ_KEY"));
  }

  @Test
  void shouldSendAFullBatchAtOnce() {
    // given
    GroupProducer producer = bed.producer(LINGER, 1 << 20);

    // when
    producer.sendAsync(message(600));
    producer.sendAsync(message(600));

    // then
    assertThat(bed.batches()).hasSize(1);
    timer.advance(LINGER);
    assertThat(bed.batches()).hasSize(1);
  }

  @Test
  void shouldKeepApartWhatDoesNotGoTheSameWay() {
    // given
    names.with("bills", 1, "a");
    GroupProducer producer = bed.producer(LINGER, 1 << 20);

    // when
    producer.sendAsync(message(3));
    producer.sendAsync(Message.to("bills").body("x"));
    for (int i = 0; i < 20; i++) {
      producer.sendAsync(Message.to("orders").orderingKey("k" + i).body("x"));
    }
    timer.advance(LINGER);

    // then: one for each topic, and one for each queue that ordering keys settle
    assertThat(bed.batches()).hasSize(2 + 4);
    assertThat(bed.singles()).isEmpty();
  }

  @Test
  void shouldNotLetDelayedOrLargeMessagesWait() {
    // given
    GroupProducer producer = bed.producer(LINGER, 1 << 20);

    // when
    producer.sendAsync(Message.to("orders").delay(Duration.ofSeconds(1)).body("x"));
    producer.sendAsync(message(BATCH_BYTES));

    // then
    assertThat(bed.singles()).hasSize(2);
  }

  @Test
  void shouldFailEveryMessageOfAFailedBatch() {
    // given
    GroupProducer producer = bed.producer(LINGER, 2_000);
    CompletionStage<SendReceipt> first = producer.sendAsync(message(300));
    CompletionStage<SendReceipt> second = producer.sendAsync(message(300));
    timer.advance(LINGER);

    // when
    bed.batches().get(0).fail(Reason.CONNECTION_CLOSED);

    // then
    assertThat(failure(first)).isInstanceOf(SendTimeoutException.class);
    assertThat(failure(second)).isInstanceOf(SendTimeoutException.class);
    producer.sendAsync(message(BATCH_BYTES)); // has room again
    assertThat(bed.singles()).hasSize(1);
  }

  @Test
  void shouldNotTrustABatchAnswerWithTooFewIds() {
    // given
    CompletionStage<List<SendReceipt>> stage =
        bed.producer().sendBatchAsync(List.of(message(3), message(3)));

    // when
    bed.batches().get(0).answer(stored("0A"));

    // then
    assertThat(failure(stage))
        .isInstanceOfSatisfying(
            EscrowException.class, why -> assertThat(why.mayHaveHappened()).isTrue());
  }

  @Test
  void shouldRefuseBatchesThatCannotBeOne() {
    // given
    GroupProducer producer = bed.producer();
    Message delayed = Message.to("orders").delayLevel(3).body("x");
    Message other = Message.to("bills").body("x");
    Message keyed = Message.to("orders").orderingKey("k").body("x");

    // when, then
    assertThat(failure(producer.sendBatchAsync(List.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(failure(producer.sendBatchAsync(List.of(message(1), delayed))))
        .isInstanceOf(MessageRefusedException.class);
    assertThat(failure(producer.sendBatchAsync(List.of(message(1), other))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(failure(producer.sendBatchAsync(List.of(message(1), keyed))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bed.batches()).isEmpty();
  }

  @Test
  void shouldRefuseTooManyPropertiesInABatch() {
    // given: in bytes, not in characters
    GroupProducer producer = bed.producer();
    Message most = Message.to("orders").property("p", "x".repeat(32_700)).body("x");
    Message more = Message.to("orders").property("p", "ü".repeat(16_400)).body("x");

    // when
    CompletionStage<List<SendReceipt>> taken = producer.sendBatchAsync(List.of(most));
    CompletionStage<List<SendReceipt>> refused = producer.sendBatchAsync(List.of(more));

    // then
    assertThat(taken.toCompletableFuture()).isNotDone();
    assertThat(failure(refused))
        .isInstanceOf(MessageRefusedException.class)
        .hasMessageContaining("32767");
  }

  @Test
  void shouldSendNoBatchForARefusedMessageAlone() {
    // given
    GroupProducer producer = bed.producer(LINGER, 1 << 20);
    Message refused = Message.to("orders").property("p", "x".repeat(33_000)).body("x");

    // when
    CompletionStage<SendReceipt> stage = producer.sendAsync(refused);
    timer.advance(LINGER);

    // then
    assertThat(failure(stage)).isInstanceOf(MessageRefusedException.class);
    assertThat(bed.batches()).isEmpty();
  }

  @Test
  void shouldWriteABatchWholeWhereALargerOneWasBefore() {
    // given
    network.answering(RequestCode.SEND_BATCH_MESSAGE, sent -> stored("0A"));
    GroupProducer producer = bed.producer();
    producer.sendBatch(List.of(Message.to("orders").body("a long body, all of it")));

    // when
    producer.sendBatch(List.of(Message.to("orders").body("short")));

    // then
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(bed.batches().get(1).body()));
    assertThat(items).hasSize(1);
    assertThat(StandardCharsets.UTF_8.decode(items.get(0).body()).toString()).isEqualTo("short");
  }

  @Test
  void shouldWriteTheSamePropertiesIntoABatchAsOfASingleMessage() {
    // given
    GroupProducer producer = bed.producer();
    Message message =
        Message.to("orders").tag("Größe").property("preis", "12 €").body("x");

    // when
    producer.sendBatchAsync(List.of(message, message));
    producer.sendAsync(message);

    // then
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(bed.batches().get(0).body()));
    Map<String, String> first = Properties.parse(items.get(0).propertyString());
    Map<String, String> second = Properties.parse(items.get(1).propertyString());
    Map<String, String> single = Properties.parse(bed.singles().get(0).fields().get("i"));
    assertThat(single)
        .containsEntry("TAGS", "Größe")
        .containsEntry("preis", "12 €")
        .containsEntry("ESCROW_ONCE", "true")
        .containsKey("UNIQ_KEY")
        .hasSize(4);
    assertThat(first).containsOnlyKeys(single.keySet());
    assertThat(first).containsEntry("TAGS", "Größe").containsEntry("preis", "12 €");
    assertThat(second).containsOnlyKeys("UNIQ_KEY", "TAGS", "preis");
    assertThat(second.get("UNIQ_KEY")).isNotEqualTo(first.get("UNIQ_KEY"));
  }
}
