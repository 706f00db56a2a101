package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Compression;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.TransactionalProducer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our transactional producer with a listener, against real brokers, RocketMQ's own too. */
@SystemTest
final class OwnListenerTest {

  @AutoClose
  private final OwnClients clients;

  OwnListenerTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldShowWhatIsCommittedAndNothingElse() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    TransactionalProducer producer = clients
        .client()
        .transactionalProducer(clients.freshGroup(), new ObedientListener())
        .build();

    // when
    List<TransactionReceipt> receipts = List.of(
        producer.send(Message.to(topic).body("one"), TransactionOutcome.COMMIT),
        producer.send(Message.to(topic).body("two"), TransactionOutcome.ROLLBACK),
        producer.send(Message.to(topic).body("three"), TransactionOutcome.COMMIT));

    // then
    audience.sawOnly("one", "three");
    assertThat(receipts)
        .allMatch(receipt -> receipt.confirmation().toCompletableFuture().join());
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void shouldCompressWhatListenersAndOthersRead(Compression compression) {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    ObedientListener listener = new ObedientListener();
    TransactionalProducer producer = clients
        .client()
        .transactionalProducer(clients.freshGroup(), listener)
        .compression(compression, 1_000)
        .build();
    String told = "told at once, ".repeat(200);
    String asked = "asked about, ".repeat(200);

    // when
    producer.send(Message.to(topic).body(told), TransactionOutcome.COMMIT);
    producer.send(Message.to(topic).tag("COMMIT").body(asked), TransactionOutcome.UNKNOWN);

    // then
    assertThat(clients.others().storedRecord(audience.first(told).offsetMessageId()))
        .hasSizeLessThan(told.length() / 2);
    within(60).until(() -> listener.asked.stream().anyMatch(line -> line.endsWith(asked)));
    audience.sawAtLeastOnceOnly(told, asked);
  }

  @Test
  void shouldBeAskedAboutWhatItDidNotReport() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    ObedientListener listener = new ObedientListener();
    TransactionalProducer producer =
        clients.client().transactionalProducer(clients.freshGroup(), listener).build();

    // when
    TransactionReceipt one =
        producer.send(Message.to(topic).tag("COMMIT").body("one"), TransactionOutcome.UNKNOWN);
    TransactionReceipt two =
        producer.send(Message.to(topic).tag("ROLLBACK").body("two"), TransactionOutcome.UNKNOWN);

    // then
    within(60).until(() -> listener.asked.size() >= 2);
    assertThat(listener.asked)
        .contains(one.half().messageId() + " one", two.half().messageId() + " two");
    // RocketMQ's own broker may ask again what it is just being told, and show it twice then
    audience.sawAtLeastOnceOnly("one");
    assertThat(one.confirmation()).isCompletedWithValue(false);
  }

  /** Executes what the argument says, and answers checks with what the tag says. */
  private static final class ObedientListener implements TransactionListener {

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @Override
    public TransactionOutcome execute(
        Message message, String messageId, @Nullable Object argument) {
      return (TransactionOutcome) argument;
    }

    @Override
    public TransactionOutcome check(HalfMessage message) {
      asked.add(message.messageId() + " " + new String(message.body(), StandardCharsets.UTF_8));
      return message.tag() == null
          ? TransactionOutcome.UNKNOWN // it has been told
          : TransactionOutcome.valueOf(message.tag());
    }
  }
}
