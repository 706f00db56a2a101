package io.escrowmq.client.send;

import static io.escrowmq.client.send.ProducerBed.LINGER;
import static io.escrowmq.client.send.ProducerBed.failure;
import static io.escrowmq.client.send.ProducerBed.message;
import static io.escrowmq.client.send.ProducerBed.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.message.Properties;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages one by one: answers, failures, bounds, and the end. */
final class GroupProducerTest {

  private final ProducerBed bed = new ProducerBed();
  private final ManualTimer timer = bed.timer;
  private final FakeNetwork network = bed.network;

  @Test
  void shouldGiveAReceipt() {
    // given
    CompletionStage<SendReceipt> stage = bed.producer().sendAsync(message(3));

    // when
    bed.singles().get(0).answer(stored("0A"));

    // then
    SendReceipt receipt = stage.toCompletableFuture().join();
    assertThat(receipt.location()).isEqualTo("0A");
    assertThat(receipt.queueOffset()).isEqualTo(40);
    assertThat(Properties.value(bed.singles().get(0).fields().get("i"), "UNIQ_KEY"))
        .isEqualTo(receipt.messageId());
  }

  @Test
  void shouldWaitForTheAnswer() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored("0A"));

    // when, then
    assertThat(bed.producer().send(message(3)).location()).isEqualTo("0A");
  }

  @Test
  void shouldThrowWhatWentWrong() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> {
      sent.fail(Reason.TIMED_OUT);
      return stored("0A");
    });

    // when, then
    assertThatThrownBy(() -> bed.producer().send(message(3)))
        .isInstanceOf(SendTimeoutException.class);
  }

  @Test
  void shouldRefuseToBlockANetworkThread() {
    // given
    GroupProducer producer = bed.producer();
    network.networkThread(true);

    // when, then
    assertThatThrownBy(() -> producer.send(message(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("asynchronous");
    assertThat(bed.singles()).isEmpty();
  }

  @Test
  void shouldRefuseAsynchronousSendsBeyondItsBound() {
    // given
    GroupProducer producer = bed.producer(Duration.ZERO, 1_000);
    producer.sendAsync(message(700));

    // when
    CompletionStage<SendReceipt> second = producer.sendAsync(message(700));

    // then
    assertThat(failure(second))
        .isInstanceOfSatisfying(
            OverloadedException.class, why -> assertThat(why.mayHaveHappened()).isFalse());
    assertThat(bed.singles()).hasSize(1);
  }

  @Test
  void shouldHaveRoomAgainOnceAnsweredOrFailed() {
    // given
    GroupProducer producer = bed.producer(Duration.ZERO, 1_000);
    producer.sendAsync(message(700));

    // when
    bed.singles().get(0).answer(stored("0A"));
    producer.sendAsync(message(700));
    bed.singles().get(1).fail(Reason.TIMED_OUT);
    producer.sendAsync(message(700));

    // then
    assertThat(bed.singles()).hasSize(3);
  }

  @Test
  void shouldLetAMessageThroughThatIsLargerThanTheBoundWhenAlone() {
    // when
    bed.producer(Duration.ZERO, 100).sendAsync(message(700));

    // then
    assertThat(bed.singles()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0A", "0A,0B,0C", "0A,0B,"})
  void shouldTrustNoIdOfALingeringBatchThatWasAnsweredWithAnotherNumber(String ids) {
    // given
    GroupProducer producer = bed.producer(LINGER, 1 << 20);
    CompletionStage<SendReceipt> first = producer.sendAsync(message(3));
    CompletionStage<SendReceipt> second = producer.sendAsync(message(3));
    timer.advance(LINGER);

    // when
    bed.batches().get(0).answer(stored(ids));

    // then
    assertThat(failure(first)).isInstanceOf(ServerRefusedException.class);
    assertThat(failure(second)).isInstanceOf(ServerRefusedException.class);
  }

  @Test
  void shouldRefuseTooManyProperties() {
    // given
    Message message = Message.to("orders").property("p", "x".repeat(33_000)).body("x");

    // when, then
    assertThat(failure(bed.producer().sendAsync(message)))
        .isInstanceOf(MessageRefusedException.class)
        .hasMessageContaining("32767");
  }

  @Test
  void shouldSendWhatWaitsAndLeaveWhenClosed() {
    // given
    network.answering(RequestCode.SEND_BATCH_MESSAGE, sent -> stored("0A"));
    GroupProducer producer = bed.producer(LINGER, 1 << 20);
    CompletionStage<SendReceipt> waiting = producer.sendAsync(message(3));

    // when
    producer.close();

    // then
    assertThat(waiting.toCompletableFuture()).isCompleted();
    assertThat(network.last(RequestCode.UNREGISTER_CLIENT).fields())
        .containsEntry("producerGroup", "shop");
    assertThat(failure(producer.sendAsync(message(3)))).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> producer.send(message(3))).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> producer.sendOneWay(message(3))).isInstanceOf(ClosedException.class);
  }

  @Test
  void shouldSendAMessageThatCameWhileItsProducerWasClosing() {
    // given
    network.answering(RequestCode.SEND_BATCH_MESSAGE, sent -> stored("0A"));
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    Timer clock = new Timer() {

      @Override
      public long nanoTime() {
        return timer.nanoTime();
      }

      @Override
      public long millis() { // asked when a batch begins
        meanwhile.getAndSet(() -> {}).run();
        return timer.millis();
      }

      @Override
      public long steadyMillis() {
        return timer.steadyMillis();
      }

      @Override
      public TimerEntry after(Duration delay, Runnable duty) {
        return () -> {}; // never runs: the client is closing, too
      }
    };
    GroupProducer producer = bed.producer(clock, LINGER.multipliedBy(2), LINGER, 1 << 20);
    meanwhile.set(producer::close);

    // when
    CompletionStage<SendReceipt> receipt = producer.sendAsync(message(10));

    // then
    assertThat(receipt.toCompletableFuture())
        .isCompletedWithValueMatching(sent -> sent.location().equals("0A"));
  }
}
