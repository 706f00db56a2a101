package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.client.Compression;
import io.escrowmq.client.DecidedOtherwiseException;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.NotWritableException;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.send.ClientParts;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ListenerProducerTest {

  private static final String GROUP = "orders";

  private final FakeCluster cluster = new FakeCluster();
  private final FakeBroker broker = cluster.broker("a");
  private final ScriptListener listener = new ScriptListener();

  @AutoClose
  private final ListenerProducer producer;

  ListenerProducerTest() {
    cluster.topic("t", broker);
    producer = new ListenerProducer(
        cluster.partsOfAnotherClient(),
        new ListenerSettings(
            GROUP, Duration.ofSeconds(3), new BodyCompression(Compression.ZLIB, 500), 1),
        listener,
        closed -> {});
    producer.start();
  }

  @Test
  void shouldMakeVisibleWhatTheListenerCommits() {
    // given
    listener.executes = TransactionOutcome.COMMIT;

    // when
    TransactionReceipt receipt = producer.send(Message.to("t").body("m"), "argument");

    // then
    assertThat(broker.visible()).containsExactly("m");
    assertThat(receipt.confirmation()).isCompletedWithValue(true);
    assertThat(listener.executed).containsExactly(receipt.half().messageId() + " argument");
  }

  @Test
  void shouldHideWhileTheListenerRunsAndDropWhatItRollsBack() {
    // given
    listener.executes = TransactionOutcome.ROLLBACK;
    listener.whileExecuting = () -> assertThat(broker.inEscrow()).containsExactly("m");

    // when
    TransactionReceipt receipt = producer.send(Message.to("t").body("m"), null);

    // then
    assertThat(broker.visible()).isEmpty();
    assertThat(broker.inEscrow()).isEmpty();
    assertThat(receipt.outcome()).isEqualTo(TransactionOutcome.ROLLBACK);
  }

  @Test
  void shouldNotRunTheListenerWhenTheHalfMessageIsNotStored() {
    // given
    cluster.fates(
        (address, code) -> code == RequestCode.SEND_MESSAGE_V2 ? Fate.ANSWER_LOST : Fate.ANSWERED);

    // when
    assertThatExceptionOfType(SendTimeoutException.class)
        .isThrownBy(() -> producer.send(Message.to("t").body("m"), null));

    // then
    assertThat(listener.executed).isEmpty();
  }

  @Test
  void shouldLeaveToChecksWhatCouldNotBeReported() throws InterruptedException {
    // given
    listener.executes = TransactionOutcome.COMMIT;
    listener.checks = TransactionOutcome.COMMIT;
    cluster.fates(
        (address, code) -> code == RequestCode.END_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);

    // when
    TransactionReceipt receipt = producer.send(Message.to("t").key("k").body("m"), null);
    cluster.fates((address, code) -> Fate.ANSWERED);
    check();

    // then
    assertThat(receipt.confirmation()).isCompletedWithValue(false);
    HalfMessage asked = listener.nextChecked();
    assertThat(asked.messageId()).isEqualTo(receipt.half().messageId());
    assertThat(asked.keys()).isEqualTo("k");
    assertThat(asked.topic()).isEqualTo("t");
    assertThat(asked.body()).asString().isEqualTo("m");
    await().until(() -> broker.visible().equals(List.of("m")));
  }

  @Test
  void shouldCompressAndShowTheListenerTheWholeBody() throws InterruptedException {
    // given
    String body = "the same again and again, ".repeat(100);

    // when
    producer.send(Message.to("t").body(body), null); // UNKNOWN
    check();

    // then
    assertThat(broker.receivedBytes()).isLessThan(body.length() / 10);
    assertThat(listener.nextChecked().body()).asString().isEqualTo(body);
  }

  @Test
  void shouldAnswerNothingWhenTheListenerDoesNotKnowOrFails() throws InterruptedException {
    // given
    producer.send(Message.to("t").body("m"), null); // UNKNOWN

    // when
    check();
    listener.nextChecked();
    listener.failing = true;
    askUntilChecked();
    listener.failing = false;
    listener.checks = TransactionOutcome.ROLLBACK;
    askUntilChecked();

    // then
    await().until(() -> broker.inEscrow().isEmpty());
    assertThat(broker.visible()).isEmpty();
    assertThat(cluster.count(RequestCode.END_TRANSACTION)).isEqualTo(1);
  }

  @Test
  void shouldSayWhenTheBrokerHasDecidedOtherwise() {
    // given
    listener.executes = TransactionOutcome.COMMIT;
    listener.whileExecuting = () -> broker.order(broker.halves().get(0).transaction(), "ROLLBACK");

    // when
    TransactionReceipt receipt = producer.send(Message.to("t").body("m"), null);

    // then
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> receipt.confirmation().toCompletableFuture().join())
        .havingCause()
        .isInstanceOfSatisfying(DecidedOtherwiseException.class, contrary -> {
          assertThat(contrary.decision()).isEqualTo(TransactionOutcome.ROLLBACK);
          assertThat(contrary.decidedBy()).isEqualTo("OPERATOR");
          assertThat(contrary.server()).isEqualTo(broker.address());
        });
  }

  @Test
  void shouldWaitForConfirmationsWhenItIsClosedAndNoSooner() {
    // given
    listener.executes = TransactionOutcome.COMMIT;
    cluster.fates(
        (address, code) -> code == RequestCode.END_TRANSACTION ? Fate.ANSWER_LATE : Fate.ANSWERED);
    TransactionReceipt receipt = producer.send(Message.to("t").body("m"), null);
    assertThat(receipt.confirmation()).isNotDone();

    // when
    Thread closing = new Thread(producer::close);
    closing.start();
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    cluster.answerNow();

    // then
    await().until(() -> !closing.isAlive());
    assertThat(receipt.confirmation()).isCompletedWithValue(true);
  }

  @Test
  void shouldAnswerForAGroupOnlyOnceInAClient() {
    // given
    ClientParts client = cluster.partsOfAnotherClient();
    ListenerSettings settings =
        new ListenerSettings("other", Duration.ofSeconds(3), BodyCompression.NONE, 1);
    ListenerProducer second = new ListenerProducer(client, settings, listener, closed -> {});
    second.start();
    ListenerProducer third = new ListenerProducer(client, settings, listener, closed -> {});

    // when, then
    assertThatThrownBy(third::start).isInstanceOf(IllegalStateException.class);
    second.close();
    third.start();
    third.close();
  }

  @Test
  void shouldNotGoElsewhereOnceABrokerMayHaveTheHalfMessage() {
    // given
    FakeBroker other = cluster.broker("b");
    cluster.topic("both", broker, other);
    cluster.fates((address, code) -> code != RequestCode.SEND_MESSAGE_V2
        ? Fate.ANSWERED
        : (broker.halves().isEmpty() && other.halves().isEmpty() ? Fate.ANSWER_LOST : Fate.BUSY));

    // when
    assertThatExceptionOfType(SendTimeoutException.class).isThrownBy(() -> {
      try (FinishedByTime finished = new FinishedByTime(cluster.timer())) {
        finished.run(() -> producer.send(Message.to("both").body("m"), null));
      }
    });

    // then
    assertThat(broker.halves().size() + other.halves().size()).isEqualTo(1);
    assertThat(cluster.count(RequestCode.SEND_MESSAGE_V2)).isEqualTo(3);
  }

  @Test
  void shouldGoElsewhereWhenABrokerCannotBeReached() {
    // given
    FakeBroker other = cluster.broker("b");
    cluster.topic("both", broker, other);
    cluster.fates(
        (address, code) -> address.equals(broker.address()) ? Fate.NOT_SENT : Fate.ANSWERED);
    listener.executes = TransactionOutcome.COMMIT;

    // when
    producer.send(Message.to("both").body("1"), null);
    producer.send(Message.to("both").body("2"), null);

    // then
    assertThat(other.visible()).containsExactly("1", "2");
  }

  @Test
  void shouldRefuseWhenNoBrokerCanBeReached() {
    // given
    cluster.fates((address, code) -> Fate.NOT_SENT);

    // when, then
    assertThatExceptionOfType(NotWritableException.class).isThrownBy(() -> {
      try (FinishedByTime finished = new FinishedByTime(cluster.timer())) {
        finished.run(() -> producer.send(Message.to("t").body("m"), null));
      }
    });
  }

  private void check() {
    broker.check(
        new Checks(GROUP, producer, new Reports(cluster, Duration.ofSeconds(3)), Runnable::run));
  }

  private void askUntilChecked() throws InterruptedException {
    check();
    listener.nextChecked();
  }

  /** Answers what it is told to. */
  private static final class ScriptListener implements TransactionListener {

    private final List<String> executed = new java.util.ArrayList<>();
    private final BlockingQueue<HalfMessage> checked = new LinkedBlockingQueue<>();
    private TransactionOutcome executes = TransactionOutcome.UNKNOWN;
    private volatile TransactionOutcome checks = TransactionOutcome.UNKNOWN;
    private volatile boolean failing;
    private Runnable whileExecuting = () -> {};

    @Override
    public TransactionOutcome execute(
        Message message, String messageId, @Nullable Object argument) {
      executed.add(messageId + " " + argument);
      whileExecuting.run();
      return executes;
    }

    @Override
    public TransactionOutcome check(HalfMessage message) {
      checked.add(message);
      if (failing) {
        throw new IllegalStateException("no idea");
      }
      return checks;
    }

    HalfMessage nextChecked() throws InterruptedException {
      HalfMessage next = checked.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("a check").isNotNull();
      return next;
    }
  }
}
