package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static io.escrowmq.systemtests.TransactionalSends.NOT_BEFORE_SECONDS;
import static io.escrowmq.systemtests.TransactionalSends.TOLERANCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.DriverException;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import io.escrowmq.systemtests.driver.TransactionAnswer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users of half-messages suffer from elsewhere, in the order of the first table of the project's field notes:
 * {@code rowN} is its row N. Rows 6 to 9 are about costs, combinations and refusals.
 */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class TransactionRegressionRows6To9Test {

  private static final String TRANSACTION_NAME = "ESCROW_TX";

  private final ClientKind kind;
  private final TestBed bed;
  private final TransactionRequests requests;
  private final TransactionalSends sends;

  @AutoClose
  private final Clients clients;

  TransactionRegressionRows6To9Test(ClientKind kind, TestBed bed) {
    this.kind = kind;
    this.bed = bed;
    clients = bed.clients(kind);
    requests = new TransactionRequests(clients);
    sends = new TransactionalSends(clients);
  }

  /** Row 6: half and op scan inefficient; halves are written again and again. */
  @Test
  @ResourceLock(TestBed.OWN_SERVERS_FOR_TRANSACTIONS) // others must not write to this log
  void row6_AskingAndDecidingDoNotWriteTheMessageAgain() {
    Map<String, String> settings = Map.of("tx.first-check", "200ms", "tx.check-every", "200ms");
    try (ServerProcess server = bed.startBoth("tx-bytes", settings);
        Clients own = bed.clients(kind, server)) {
      // given
      TransactionRequests ownRequests = new TransactionRequests(own);
      String topic = own.freshTopic(1);
      String group = own.freshGroup();
      String plain = own.producer();
      String producer = own.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
      OutgoingMessage large = OutgoingMessage.to(topic, incompressible(60_000));
      TransactionAnswer half =
          own.driver().sendInTransaction(producer, large, LocalOutcome.UNKNOWN);
      long before = position(own.driver().send(plain, OutgoingMessage.to(topic, "before")));

      // when
      soon().until(() -> own.driver().checkCount(producer) >= 3);
      Answer decided =
          ownRequests.end(group, TransactionRequests.id(half), TransactionRequests.COMMIT);
      soon().until(() -> new StoredQueues(own, topic, 1).count() == 2);

      // then
      long after = position(own.driver().send(plain, OutgoingMessage.to(topic, "after")));
      assertThat(decided.code()).isEqualTo(TransactionRequests.DONE);
      assertThat(after - before).as("bytes written in the meantime").isLessThan(10_000);
      assertThat(before - TransactionRequests.id(half)).isGreaterThan(60_000);
    }
  }

  private static long position(SendAnswer sent) {
    return TransactionRequests.id(sent.offsetMessageId());
  }

  /** Row 6: deleting a group deleted the topic of decisions, and everything was asked about again. */
  @Test
  void row6_DeletingAGroupAsksAboutNothingDecided() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    for (int i = 0; i < 10; i++) {
      LocalOutcome local = i % 2 == 0 ? LocalOutcome.COMMIT : LocalOutcome.ROLLBACK;
      sends.send(producer, OutgoingMessage.to(topic, "decided" + i), local);
    }
    soon().until(() -> requests.open(group) == 0);

    // when
    for (String deleted : List.of(group, "CID_RMQ_SYS_TRANS")) {
      clients.mqadmin("deleteSubGroup", "-b", clients.brokerAddress(), "-g", deleted);
    }
    clients.mqadmin("deleteTopic", "-c", bed.cluster(), "-t", "RMQ_SYS_TRANS_OP_HALF_TOPIC");
    sends.unknown(producer, OutgoingMessage.to(topic, "undecided"));

    // then: by the second check of this one, the first of all others would have come
    soon().until(() -> clients.driver().checkCount(producer) >= 2);
    assertThat(sends.asked(producer)).containsOnly("undecided");
    assertThat(new StoredQueues(clients, topic, 1).bodies())
        .containsExactlyInAnyOrder("decided0", "decided2", "decided4", "decided6", "decided8");
  }

  /** Row 7: no transactions with delay, batch, order. Clients drop the delay, so this one is sent bare. */
  @Test
  void row7_ADelayBeginsWithTheCommit() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String consumer = clients.push(clients.freshGroup(), topic);
    long byLevel = requests.half(group, topic, "5", Map.of("DELAY", "2"));
    long bySeconds = requests.half(group, topic, "3", Map.of("TIMER_DELAY_SEC", "3"));
    // a second goes by
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.ROLLBACK));
    sends.unknown(producer, OutgoingMessage.to(topic, "clock"));
    soon().until(() -> clients.driver().checkCount(producer) > 0);

    // when
    Answer level = requests.end(group, byLevel, TransactionRequests.COMMIT);
    Answer seconds = requests.end(group, bySeconds, TransactionRequests.COMMIT);

    // then
    assertThat(List.of(level.code(), seconds.code())).containsOnly(TransactionRequests.DONE);
    long committedAtMillis = Long.parseLong(level.fields().getOrDefault("decidedMillis", ""));
    soon().until(() -> clients.driver().received(consumer).size() == 2);
    for (ReceivedMessage delayed : clients.driver().received(consumer)) {
      long delayMillis = 1000L * Long.parseLong(delayed.body());
      long margin = delayed.body().equals("3") ? 1000 : 100; // timers have whole seconds
      assertThat(delayed.receivedAtMillis() - committedAtMillis)
          .as("delay of %s s", delayed.body())
          .isBetween(delayMillis - margin, delayMillis + 2 * TOLERANCE_MILLIS);
      assertThat(delayed.topic()).isEqualTo(topic);
    }
  }

  /** Row 7: no transactions with delay, batch, order. */
  @Test
  void row7_ABatchIsOneTransaction() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    StoredQueues queues = new StoredQueues(clients, topic, 1);
    Answer kept = requests.sendHalves(group, topic, List.of("a", "b", "c"));
    Answer dropped = requests.sendHalves(group, topic, List.of("x", "y"));
    assertThat(List.of(kept.code(), dropped.code())).containsOnly(TransactionRequests.DONE);
    long before = queues.count();

    // when
    Answer commit = requests.end(group, first(kept), TransactionRequests.COMMIT);
    Answer rollback = requests.end(group, first(dropped), TransactionRequests.ROLLBACK);

    // then
    assertThat(before).isZero();
    assertThat(List.of(commit.code(), rollback.code())).containsOnly(TransactionRequests.DONE);
    assertThat(queues.bodies()).containsExactly("a", "b", "c");
    assertThat(requests.open(group)).isZero();
  }

  private static long first(Answer sent) {
    return TransactionRequests.id(sent.fields().getOrDefault("msgId", "").split(",", -1)[0]);
  }

  /** Row 7: N messages under one transaction. */
  @Test
  void row7_SeveralHalfMessagesOfOneNameAreDecidedAtOnce() {
    // given
    String orders = clients.freshTopic(1);
    String bills = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    sends.send(producer, named(orders, "order"), LocalOutcome.UNKNOWN);
    sends.send(producer, named(bills, "bill"), LocalOutcome.UNKNOWN);
    sends.send(producer, named(bills, "copy"), LocalOutcome.UNKNOWN);
    StoredQueues orderQueue = new StoredQueues(clients, orders, 1);
    StoredQueues billQueue = new StoredQueues(clients, bills, 1);

    // when
    Answer tooMany = requests.decide(group, "order-17", TransactionRequests.COMMIT, 4);
    long before = orderQueue.count() + billQueue.count();
    Answer all = requests.decide(group, "order-17", TransactionRequests.COMMIT, 3);
    Answer again = requests.decide(group, "order-17", TransactionRequests.COMMIT, 3);
    Answer contrary = requests.decide(group, "order-17", TransactionRequests.ROLLBACK, 3);
    Answer unheardOf = requests.decide(group, "order-18", TransactionRequests.COMMIT, 1);

    // then
    assertThat(tooMany.code()).isEqualTo(TransactionRequests.TRANSACTION_INCOMPLETE);
    assertThat(before).isZero();
    assertThat(all.code()).as(all.remark()).isEqualTo(TransactionRequests.DONE);
    assertThat(again.fields()).containsEntry("again", "true");
    assertThat(contrary.code()).isEqualTo(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(unheardOf.code()).isEqualTo(TransactionRequests.TRANSACTION_NOT_OPEN);
    assertThat(orderQueue.bodies()).containsExactly("order");
    assertThat(billQueue.bodies()).containsExactly("bill", "copy");
    DriverException late = catchThrowableOfType(
        DriverException.class,
        () -> sends.send(producer, named(orders, "too late"), LocalOutcome.COMMIT));
    assertThat(late).as("joins what is decided").isNotNull();
  }

  private static OutgoingMessage named(String topic, String body) {
    return OutgoingMessage.to(topic, body)
        .with(TRANSACTION_NAME, "order-17")
        .with(NOT_BEFORE_SECONDS, "600");
  }

  /** Row 7: no transactions with delay, batch, order. */
  @Test
  void row7_TheOrderInAQueueIsThatOfTheDecisions() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long third = sends.undecided(producer, topic, "third");
    long first = sends.undecided(producer, topic, "first");
    long second = sends.undecided(producer, topic, "second");

    // when
    for (long id : new long[] {first, second, third}) {
      requests.end(group, id, TransactionRequests.COMMIT);
    }

    // then
    audience.sawOnly("first", "second", "third");
  }

  /** Row 8: intrusive callback API. What a client without a listener is built on. */
  @Test
  void row8_AHalfMessageAndItsDecisionAreTwoRequestsOfAnyProcess() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    long id = requests.half(group, topic, "no listener", Map.of("KEYS", "k"));
    ClientKind another =
        kind == ClientKind.V5_5_0_JSON ? ClientKind.V4_9_8_BINARY : ClientKind.V5_5_0_JSON;

    // when
    Answer decided =
        new TransactionRequests(bed.clients(another)).end(group, id, TransactionRequests.COMMIT);

    // then
    assertThat(decided.code()).as(decided.remark()).isEqualTo(TransactionRequests.DONE);
    audience.sawOnly("no listener");
  }

  /**
   * Row 9: slave down, and all transactions are rolled back without running the local one. There are no slaves
   * yet, so this is the part that exists: a half-message that cannot be stored is refused before the local
   * transaction, and nothing is left of it.
   */
  @Test
  void row9_AHalfMessageThatIsRefusedLeavesNothingBehind() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.COMMIT));

    // when
    DriverException refused = catchThrowableOfType(
        DriverException.class,
        () -> sends.send(
            producer,
            OutgoingMessage.to(topic, incompressible(5 * 1024 * 1024)),
            LocalOutcome.COMMIT));
    sends.unknown(producer, OutgoingMessage.to(topic, "small"));

    // then
    assertThat(refused).isNotNull();
    assertThat(clients.driver().localTransactions(producer)).containsExactly("small");
    audience.sawOnly("small");
    assertThat(sends.asked(producer)).containsExactly("small");
    assertThat(requests.open(group)).isZero();
  }

  /** Row 9, and a group that leaves too much undecided: only it is refused, until it decides. */
  @Test
  void row9_AGroupThatLeavesTooMuchUndecidedIsRefusedAndNobodyElse() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    String others =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    String body = incompressible(3 * 1024 * 1024);
    long one = sends.undecided(producer, topic, body);
    long two = sends.undecided(producer, topic, body);

    // when
    DriverException refused =
        catchThrowableOfType(DriverException.class, () -> sends.undecided(producer, topic, body));
    Answer remark = requests.sendHalf(group, topic, body, Map.of());
    sends.send(others, OutgoingMessage.to(topic, "of others"), LocalOutcome.COMMIT);
    clients.driver().send(clients.producer(), OutgoingMessage.to(topic, "plain"));
    requests.end(group, one, TransactionRequests.ROLLBACK);
    requests.end(group, two, TransactionRequests.ROLLBACK);
    sends.send(producer, OutgoingMessage.to(topic, "welcome again"), LocalOutcome.COMMIT);

    // then
    assertThat(refused).isNotNull();
    assertThat(remark.remark()).contains(group, "tx.group-max-open-bytes");
    StoredQueues queues = new StoredQueues(clients, topic, 1);
    soon()
        .untilAsserted(() -> assertThat(queues.bodies())
            .containsExactlyInAnyOrder("of others", "plain", "welcome again"));
  }

  /** A body that a client does not make smaller by compressing it. */
  private static String incompressible(int length) {
    Random random = new Random(7);
    StringBuilder body = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      body.append((char) random.nextInt(256));
    }
    return body.toString();
  }
}
