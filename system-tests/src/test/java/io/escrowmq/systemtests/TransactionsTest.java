package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static io.escrowmq.systemtests.TransactionalSends.NOT_BEFORE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.TransactionAnswer;
import io.escrowmq.systemtests.driver.TransactionCheck;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a transactional producer and its consumers see while nothing is killed. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
final class TransactionsTest {

  private static final int COMMITTED_FLAG = 0x8;
  private static final int TRANSACTION_FLAGS = 0xC;

  @AutoClose
  private final Clients clients;

  private final TransactionalSends sends;

  TransactionsTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
    sends = new TransactionalSends(clients);
  }

  @Test
  void shouldShowACommittedMessageOnce() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.ROLLBACK));

    // when
    TransactionAnswer sent =
        sends.send(producer, OutgoingMessage.to(topic, "paid"), LocalOutcome.COMMIT);

    // then
    assertThat(sent.half().status()).isEqualTo("SEND_OK");
    assertThat(sent.localState()).isEqualTo("COMMIT_MESSAGE");
    audience.sawOnly("paid");
    assertThat(new StoredQueues(clients, topic, 1).bodies()).containsExactly("paid", "the end");
  }

  @Test
  void shouldNeverShowARolledBackMessage() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.COMMIT));

    // when
    TransactionAnswer sent =
        sends.send(producer, OutgoingMessage.to(topic, "wrong"), LocalOutcome.ROLLBACK);
    sends.unknown(producer, OutgoingMessage.to(topic, "later"));

    // then: the second is asked about and committed, so the first would have been as well
    assertThat(sent.localState()).isEqualTo("ROLLBACK_MESSAGE");
    audience.sawOnly("later");
    assertThat(sends.asked(producer)).containsOnly("later");
  }

  @Test
  void shouldShowNothingOfAHalfMessageBeforeItsDecision() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    StoredQueues queues = new StoredQueues(clients, topic, 1);

    // when
    sends.unknown(
        producer, OutgoingMessage.to(topic, "undecided").keyed("k").with(NOT_BEFORE_SECONDS, "10"));

    // then: there is time to look before checks are used up
    assertThat(queues.count()).as("it has no place in the queue").isZero();
    assertThat(new Printout(clients.mqadmin("queryMsgByKey", "-t", topic, "-k", "k")).table("QID"))
        .as("found by its key")
        .isEmpty();
    audience.sawOnly();
    clients.driver().answerChecks(producer, CheckScript.always(LocalOutcome.COMMIT));
    audience.await("undecided");
    assertThat(queues.bodies()).containsExactly("the end", "undecided");
  }

  @Test
  void shouldCommitWhatItsProducerTellsWhenAsked() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(
        group, CheckScript.always(LocalOutcome.COMMIT).but("no", LocalOutcome.ROLLBACK));

    // when
    sends.unknown(producer, OutgoingMessage.to(topic, "no"));
    TransactionAnswer sent = sends.unknown(
        producer, OutgoingMessage.to(topic, "yes").tagged("t").keyed("k").with("colour", "red"));

    // then
    assertThat(sent.localState()).isEqualTo("UNKNOW");
    audience.sawOnly("yes");
    TransactionCheck check = clients.driver().checks(producer).stream()
        .filter(one -> one.message().body().equals("yes"))
        .findFirst()
        .orElseThrow();
    assertThat(check.transactionId()).isEqualTo(sent.transactionId());
    ReceivedMessage asked = check.message();
    assertThat(asked.topic()).isEqualTo(topic);
    assertThat(asked.queueId()).isEqualTo(sent.half().queueId());
    assertThat(asked.tags()).isEqualTo("t");
    assertThat(asked.keys()).isEqualTo("k");
    assertThat(asked.properties())
        .containsEntry("colour", "red")
        .containsEntry("PGROUP", group)
        .containsEntry("UNIQ_KEY", sent.half().messageId())
        .containsEntry("TRANSACTION_CHECK_TIMES", "1");
  }

  @Test
  void shouldAskAboutALocalTransactionThatThrew() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer = clients.transacting(
        clients.freshGroup(),
        CheckScript.always(LocalOutcome.COMMIT).but("not done", LocalOutcome.ROLLBACK));

    // when
    TransactionAnswer notDone =
        sends.send(producer, OutgoingMessage.to(topic, "not done"), LocalOutcome.FAILURE);
    TransactionAnswer done = sends.send(
        producer, OutgoingMessage.to(topic, "done before it threw"), LocalOutcome.FAILURE);

    // then
    assertThat(List.of(notDone.localState(), done.localState())).containsOnly("UNKNOW");
    audience.sawOnly("done before it threw");
    assertThat(sends.asked(producer)).containsExactlyInAnyOrder("not done", "done before it threw");
  }

  @Test
  void shouldGiveACommittedMessageAllThatItWasSentWith() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    clients.driver().send(clients.producer(), OutgoingMessage.to(topic, "before"));

    // when
    TransactionAnswer sent = sends.send(
        producer,
        OutgoingMessage.to(topic, "whole")
            .tagged("paid")
            .keyed("order-1 customer-2")
            .with("x", "y"),
        LocalOutcome.COMMIT);

    // then
    ReceivedMessage received = audience.first("whole");
    assertThat(received.topic()).isEqualTo(topic);
    assertThat(received.queueOffset()).isOne();
    assertThat(received.tags()).isEqualTo("paid");
    assertThat(received.keys()).isEqualTo("order-1 customer-2");
    assertThat(received.messageId()).isEqualTo(sent.half().messageId());
    assertThat(sent.transactionId()).isEqualTo(sent.half().messageId());
    assertThat(received.properties())
        .containsEntry("x", "y")
        .containsEntry("UNIQ_KEY", sent.half().messageId())
        .doesNotContainKeys("REAL_TOPIC", "REAL_QID");
    assertThat(received.sysFlag() & TRANSACTION_FLAGS).isEqualTo(COMMITTED_FLAG);
    assertThat(received.reconsumeTimes()).isZero();
    assertThat(received.storedAtMillis()).isGreaterThanOrEqualTo(received.bornAtMillis() - 1000);
  }

  @Test
  void shouldKeepALargeCompressedBody() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.push(clients.freshGroup(), topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.COMMIT));
    String body = "compress me, please. ".repeat(5000);

    // when: also when it goes back and forth in a question
    sends.send(producer, OutgoingMessage.to(topic, body).keyed("at once"), LocalOutcome.COMMIT);
    sends.unknown(producer, OutgoingMessage.to(topic, body).keyed("when asked"));

    // then
    soon().until(() -> clients.driver().received(consumer).size() == 2);
    for (ReceivedMessage received : clients.driver().received(consumer)) {
      assertThat(received.body().equals(body)).as("body of %s", received.keys()).isTrue();
    }
  }

  @Test
  void shouldFindACommittedMessageByItsKeys() {
    // given
    String topic = clients.freshTopic(1);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));

    // when
    TransactionAnswer sent = sends.send(
        producer, OutgoingMessage.to(topic, "found").keyed("searched other"), LocalOutcome.COMMIT);
    soon().until(() -> new StoredQueues(clients, topic, 1).count() == 1);

    // then
    Printout byKey = new Printout(clients.mqadmin("queryMsgByKey", "-t", topic, "-k", "searched"));
    assertThat(byKey.table("QID")).singleElement().satisfies(row -> {
      assertThat(row).containsEntry("Message ID", sent.half().messageId());
      assertThat(row.get("Offset")).startsWith("0");
    });
    Printout byId = new Printout(
        clients.mqadmin("queryMsgByUniqueKey", "-t", topic, "-i", sent.half().messageId()));
    assertThat(byId.values())
        .containsEntry("Topic", topic)
        .containsEntry("Keys", "[searched other]")
        .containsEntry("Queue Offset", "0");
  }

  @Test
  void shouldFilterCommittedMessagesByTheirTag() {
    // given
    String topic = clients.freshTopic(1);
    String red = clients.push(clients.freshGroup(), topic, plan -> plan.matching("red || pink"));
    String all = clients.push(clients.freshGroup(), topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.COMMIT));

    // when
    sends.send(producer, OutgoingMessage.to(topic, "1").tagged("red"), LocalOutcome.COMMIT);
    sends.send(producer, OutgoingMessage.to(topic, "2").tagged("blue"), LocalOutcome.COMMIT);
    sends.send(producer, OutgoingMessage.to(topic, "3").tagged("red"), LocalOutcome.ROLLBACK);
    sends.unknown(producer, OutgoingMessage.to(topic, "4").tagged("pink"));

    // then
    soon().until(() -> clients.driver().received(all).size() == 3);
    soon()
        .untilAsserted(() -> assertThat(clients.driver().received(red))
            .extracting(ReceivedMessage::body)
            .containsExactlyInAnyOrder("1", "4"));
  }

  @Test
  void shouldRetryACommittedMessageLikeAnyOther() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.push(clients.freshGroup(), topic, plan -> plan.failing(1, 16, 1));
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.COMMIT));

    // when
    sends.send(producer, OutgoingMessage.to(topic, "again"), LocalOutcome.COMMIT);

    // then: a resend that still carried the mark of a half-message would go into escrow
    soon().until(() -> clients.driver().received(consumer).size() == 2);
    assertThat(clients.driver().received(consumer))
        .extracting(ReceivedMessage::body)
        .containsExactly("again", "again");
    assertThat(clients.driver().checkCount(producer)).isZero();
  }
}
