package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.ClosedException;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.ServerRefusedException;
import io.escrowmq.client.core.Blocking;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.FakeNetwork.Sent;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Cluster;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.client.route.Presence;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.BatchCodec;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.runtime.TestMachine;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupProducerTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration LINGER = Duration.ofMillis(5);
  private static final int BATCH_BYTES = 1_000;

  private final ManualTimer timer = new ManualTimer();
  private final FakeNetwork network = new FakeNetwork()
      .answering(RequestCode.HEART_BEAT, sent -> FakeNetwork.ok(WireHeader.NONE))
      .answering(RequestCode.UNREGISTER_CLIENT, sent -> FakeNetwork.ok(WireHeader.NONE));
  private final FakeRoutes names = new FakeRoutes(network).with("orders", 4, "a");
  private final Routes routes = names.routes(timer);
  private final Presence presence =
      new Presence(network, timer, routes, "me", Duration.ofSeconds(30), TIMEOUT);
  private final OpenRequests openRequests =
      new OpenRequests(timer, TestMachine.REAL.chance(), routes, presence);

  @BeforeEach
  void knowTheRoute() {
    routes.find("orders");
  }

  private GroupProducer producer(Duration linger, long maxInFlightBytes) {
    return producer(timer, TIMEOUT, linger, maxInFlightBytes);
  }

  private GroupProducer producer(
      Timer clock, Duration sendTimeout, Duration linger, long maxInFlightBytes) {
    GroupProducer producer = new GroupProducer(
        new ClientParts(
            new Cluster(
                TestMachine.REAL.loops(),
                network,
                clock,
                routes,
                presence,
                new ServerRequests(),
                new Blocking(TestMachine.REAL.loops(), network),
                TIMEOUT),
            new Sender(network, clock, routes),
            openRequests,
            new UniqueIds(InetAddress.getLoopbackAddress(), 1, 1, InstantSource.system())),
        new ProducerSettings(
            "shop", sendTimeout, 0, maxInFlightBytes, linger, BATCH_BYTES, BodyCompression.NONE),
        closed -> {});
    producer.start();
    return producer;
  }

  private GroupProducer producer() {
    return producer(Duration.ZERO, 1 << 20);
  }

  private static Message message(int bytes) {
    return Message.to("orders").body(new byte[bytes]);
  }

  private List<Sent> singles() {
    return network.sent(RequestCode.SEND_MESSAGE_V2);
  }

  private List<Sent> batches() {
    return network.sent(RequestCode.SEND_BATCH_MESSAGE);
  }

  private static Answer stored(String ids) {
    return FakeNetwork.ok(new SendResponseHeader(ids, 0, 40, null, null, "r", true));
  }

  private static Throwable failure(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    assertThat(future).isCompletedExceptionally();
    return future.handle((result, failure) -> failure).join(); // as a callback sees it
  }

  @Test
  void shouldGiveAReceipt() {
    // given
    CompletionStage<SendReceipt> stage = producer().sendAsync(message(3));

    // when
    singles().get(0).answer(stored("0A"));

    // then
    SendReceipt receipt = stage.toCompletableFuture().join();
    assertThat(receipt.location()).isEqualTo("0A");
    assertThat(receipt.queueOffset()).isEqualTo(40);
    assertThat(Properties.value(singles().get(0).fields().get("i"), "UNIQ_KEY"))
        .isEqualTo(receipt.messageId());
  }

  @Test
  void shouldWaitForTheAnswer() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> stored("0A"));

    // when, then
    assertThat(producer().send(message(3)).location()).isEqualTo("0A");
  }

  @Test
  void shouldThrowWhatWentWrong() {
    // given
    network.answering(RequestCode.SEND_MESSAGE_V2, sent -> {
      sent.fail(Reason.TIMED_OUT);
      return stored("0A");
    });

    // when, then
    assertThatThrownBy(() -> producer().send(message(3))).isInstanceOf(SendTimeoutException.class);
  }

  @Test
  void shouldRefuseToBlockANetworkThread() {
    // given
    GroupProducer producer = producer();
    network.networkThread(true);

    // when, then
    assertThatThrownBy(() -> producer.send(message(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("asynchronous");
    assertThat(singles()).isEmpty();
  }

  @Test
  void shouldRefuseAsynchronousSendsBeyondItsBound() {
    // given
    GroupProducer producer = producer(Duration.ZERO, 1_000);
    producer.sendAsync(message(700));

    // when
    CompletionStage<SendReceipt> second = producer.sendAsync(message(700));

    // then
    assertThat(failure(second))
        .isInstanceOfSatisfying(
            OverloadedException.class, why -> assertThat(why.mayHaveHappened()).isFalse());
    assertThat(singles()).hasSize(1);
  }

  @Test
  void shouldHaveRoomAgainOnceAnsweredOrFailed() {
    // given
    GroupProducer producer = producer(Duration.ZERO, 1_000);
    producer.sendAsync(message(700));

    // when
    singles().get(0).answer(stored("0A"));
    producer.sendAsync(message(700));
    singles().get(1).fail(Reason.TIMED_OUT);
    producer.sendAsync(message(700));

    // then
    assertThat(singles()).hasSize(3);
  }

  @Test
  void shouldLetAMessageThroughThatIsLargerThanTheBoundWhenAlone() {
    // when
    producer(Duration.ZERO, 100).sendAsync(message(700));

    // then
    assertThat(singles()).hasSize(1);
  }

  @Test
  void shouldLetMessagesWaitForEachOther() {
    // given
    GroupProducer producer = producer(LINGER, 1 << 20);
    CompletionStage<SendReceipt> first = producer.sendAsync(message(3));
    CompletionStage<SendReceipt> second =
        producer.sendAsync(Message.to("orders").tag("t").body("abc"));

    // when
    timer.advance(LINGER.minusMillis(1));
    int early = batches().size();
    timer.advance(Duration.ofMillis(1));

    // then
    assertThat(early).isZero();
    assertThat(batches()).hasSize(1);
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(batches().get(0).body()));
    assertThat(items).hasSize(2);
    assertThat(Properties.value(items.get(1).propertyString(), "TAGS")).isEqualTo("t");
    batches().get(0).answer(stored("0A,0B"));
    assertThat(first.toCompletableFuture().join().queueOffset()).isEqualTo(40);
    assertThat(second.toCompletableFuture().join().queueOffset()).isEqualTo(41);
    assertThat(second.toCompletableFuture().join().location()).isEqualTo("0B");
    assertThat(second.toCompletableFuture().join().messageId())
        .isEqualTo(Properties.value(items.get(1).propertyString(), "UNIQ_KEY"));
  }

  @Test
  void shouldSendAFullBatchAtOnce() {
    // given
    GroupProducer producer = producer(LINGER, 1 << 20);

    // when
    producer.sendAsync(message(600));
    producer.sendAsync(message(600));

    // then
    assertThat(batches()).hasSize(1);
    timer.advance(LINGER);
    assertThat(batches()).hasSize(1);
  }

  @Test
  void shouldKeepApartWhatDoesNotGoTheSameWay() {
    // given
    names.with("bills", 1, "a");
    GroupProducer producer = producer(LINGER, 1 << 20);

    // when
    producer.sendAsync(message(3));
    producer.sendAsync(Message.to("bills").body("x"));
    for (int i = 0; i < 20; i++) {
      producer.sendAsync(Message.to("orders").orderingKey("k" + i).body("x"));
    }
    timer.advance(LINGER);

    // then: one for each topic, and one for each queue that ordering keys settle
    assertThat(batches()).hasSize(2 + 4);
    assertThat(singles()).isEmpty();
  }

  @Test
  void shouldNotLetDelayedOrLargeMessagesWait() {
    // given
    GroupProducer producer = producer(LINGER, 1 << 20);

    // when
    producer.sendAsync(Message.to("orders").delay(Duration.ofSeconds(1)).body("x"));
    producer.sendAsync(message(BATCH_BYTES));

    // then
    assertThat(singles()).hasSize(2);
  }

  @Test
  void shouldFailEveryMessageOfAFailedBatch() {
    // given
    GroupProducer producer = producer(LINGER, 2_000);
    CompletionStage<SendReceipt> first = producer.sendAsync(message(300));
    CompletionStage<SendReceipt> second = producer.sendAsync(message(300));
    timer.advance(LINGER);

    // when
    batches().get(0).fail(Reason.CONNECTION_CLOSED);

    // then
    assertThat(failure(first)).isInstanceOf(SendTimeoutException.class);
    assertThat(failure(second)).isInstanceOf(SendTimeoutException.class);
    producer.sendAsync(message(BATCH_BYTES)); // has room again
    assertThat(singles()).hasSize(1);
  }

  @Test
  void shouldNotTrustABatchAnswerWithTooFewIds() {
    // given
    CompletionStage<List<SendReceipt>> stage =
        producer().sendBatchAsync(List.of(message(3), message(3)));

    // when
    batches().get(0).answer(stored("0A"));

    // then
    assertThat(failure(stage))
        .isInstanceOfSatisfying(
            EscrowException.class, why -> assertThat(why.mayHaveHappened()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0A", "0A,0B,0C", "0A,0B,"})
  void shouldTrustNoIdOfALingeringBatchThatWasAnsweredWithAnotherNumber(String ids) {
    // given
    GroupProducer producer = producer(LINGER, 1 << 20);
    CompletionStage<SendReceipt> first = producer.sendAsync(message(3));
    CompletionStage<SendReceipt> second = producer.sendAsync(message(3));
    timer.advance(LINGER);

    // when
    batches().get(0).answer(stored(ids));

    // then
    assertThat(failure(first)).isInstanceOf(ServerRefusedException.class);
    assertThat(failure(second)).isInstanceOf(ServerRefusedException.class);
  }

  @Test
  void shouldRefuseBatchesThatCannotBeOne() {
    // given
    GroupProducer producer = producer();
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
    assertThat(batches()).isEmpty();
  }

  @Test
  void shouldRefuseTooManyProperties() {
    // given
    Message message = Message.to("orders").property("p", "x".repeat(33_000)).body("x");

    // when, then
    assertThat(failure(producer().sendAsync(message)))
        .isInstanceOf(MessageRefusedException.class)
        .hasMessageContaining("32767");
  }

  @Test
  void shouldRefuseTooManyPropertiesInABatch() {
    // given: in bytes, not in characters
    GroupProducer producer = producer();
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
    GroupProducer producer = producer(LINGER, 1 << 20);
    Message refused = Message.to("orders").property("p", "x".repeat(33_000)).body("x");

    // when
    CompletionStage<SendReceipt> stage = producer.sendAsync(refused);
    timer.advance(LINGER);

    // then
    assertThat(failure(stage)).isInstanceOf(MessageRefusedException.class);
    assertThat(batches()).isEmpty();
  }

  @Test
  void shouldWriteABatchWholeWhereALargerOneWasBefore() {
    // given
    network.answering(RequestCode.SEND_BATCH_MESSAGE, sent -> stored("0A"));
    GroupProducer producer = producer();
    producer.sendBatch(List.of(Message.to("orders").body("a long body, all of it")));

    // when
    producer.sendBatch(List.of(Message.to("orders").body("short")));

    // then
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(batches().get(1).body()));
    assertThat(items).hasSize(1);
    assertThat(StandardCharsets.UTF_8.decode(items.get(0).body()).toString()).isEqualTo("short");
  }

  @Test
  void shouldWriteTheSamePropertiesIntoABatchAsOfASingleMessage() {
    // given
    GroupProducer producer = producer();
    Message message =
        Message.to("orders").tag("Größe").property("preis", "12 €").body("x");

    // when
    producer.sendBatchAsync(List.of(message, message));
    producer.sendAsync(message);

    // then
    List<BatchItem> items = BatchCodec.read(ByteBuffer.wrap(batches().get(0).body()));
    Map<String, String> first = Properties.parse(items.get(0).propertyString());
    Map<String, String> second = Properties.parse(items.get(1).propertyString());
    Map<String, String> single = Properties.parse(singles().get(0).fields().get("i"));
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

  @Test
  void shouldSendWhatWaitsAndLeaveWhenClosed() {
    // given
    network.answering(RequestCode.SEND_BATCH_MESSAGE, sent -> stored("0A"));
    GroupProducer producer = producer(LINGER, 1 << 20);
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
      public Scheduled after(Duration delay, Runnable duty) {
        return () -> {}; // never runs: the client is closing, too
      }
    };
    GroupProducer producer = producer(clock, LINGER.multipliedBy(2), LINGER, 1 << 20);
    meanwhile.set(producer::close);

    // when
    CompletionStage<SendReceipt> receipt = producer.sendAsync(message(10));

    // then
    assertThat(receipt.toCompletableFuture())
        .isCompletedWithValueMatching(sent -> sent.location().equals("0A"));
  }
}
