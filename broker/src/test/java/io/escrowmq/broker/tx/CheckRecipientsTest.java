package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.tx.OpenTransaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which producer is asked; the numbers are clauses of docs/half-message.md. */
class CheckRecipientsTest {

  private TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 4.1, 4.6. */
  @Test
  void shouldAskTheClientThatSentItWhileItIsConnected() {
    // given
    FakeConnection other = transactions.producer(GROUP, "other@1", 1);
    FakeConnection sender = transactions.producer(GROUP, "sender@2", 2);
    transactions.sendHalf(other, TOPIC, 0, "someone else's");
    transactions.sendHalf(sender, TOPIC, 1, "body");
    other.notified().clear();

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(sender)).containsExactly("body");
    assertThat(TestTransactions.bodies(other)).containsExactly("someone else's");
  }

  @Test
  void shouldAskTheSameClientAfterItHasConnectedAgain() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@2", 2);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    sender.close();
    FakeConnection other = transactions.producer(GROUP, "other@1", 1);
    FakeConnection again = transactions.producer(GROUP, "sender@2", 3);

    // when
    transactions.advance(16_000);

    // then
    assertThat(TestTransactions.bodies(again)).containsExactly("body", "body");
    assertThat(other.notified()).isEmpty();
  }

  @Test
  void shouldAskAProducerOfTheGroupThatPublishesToTheTopicWhenTheSenderIsGone() {
    // given
    transactions.broker.createTopic("invoices", 1);
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    FakeConnection elsewhere = transactions.producer(GROUP, "elsewhere@2", 2);
    FakeConnection same = transactions.producer(GROUP, "same@3", 3);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    long ofSame = transactions.sendHalf(same, TOPIC, 1, "its own").sentPosition();
    long ofElsewhere =
        transactions.sendHalf(elsewhere, "invoices", 0, "invoice").sentPosition();
    transactions.end(ofSame, TRANSACTION_COMMIT);
    transactions.end(ofElsewhere, TRANSACTION_COMMIT);
    sender.close();

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(same)).containsExactly("body");
    assertThat(elsewhere.notified()).isEmpty();
  }

  @Test
  void shouldAskAnyProducerOfTheGroupWhenNobodyElsePublishesToTheTopic() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    FakeConnection stranger = transactions.producer("others", "stranger@2", 2);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    sender.close();
    FakeConnection any = transactions.producer(GROUP, "any@3", 3);

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(any)).containsExactly("body");
    assertThat(stranger.notified()).isEmpty();
  }

  /** 4.6: in turn. */
  @Test
  void shouldAskOthersOfTheGroupInTurn() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    sender.close();
    FakeConnection one = transactions.producer(GROUP, "one@2", 2);
    FakeConnection other = transactions.producer(GROUP, "other@3", 3);

    // when
    transactions.advance(16_000);

    // then
    assertThat(TestTransactions.bodies(one)).containsExactly("body");
    assertThat(TestTransactions.bodies(other)).containsExactly("body");
  }

  /** A client stays listed for a while after its connection has gone. */
  @Test
  void shouldAskAnotherWhileASenderThatIsGoneIsStillListed() {
    // given
    FakeConnection sender = new FakeConnection(1);
    transactions.clients.registerProducer(
        GROUP, TestMembers.of("sender@1", sender, transactions.broker.clock.millis()));
    transactions.sendHalf(sender, TOPIC, 1, "body");
    sender.close();
    FakeConnection other = transactions.producer(GROUP, "other@2", 2);

    // when
    transactions.advance(6_000);

    // then
    assertThat(sender.notified()).isEmpty();
    assertThat(TestTransactions.bodies(other)).containsExactly("body");
  }

  /** As with a proxy that sends over connections of its own, and heartbeats over another. */
  @Test
  void shouldAskTheConnectionThatSendsHeartbeatsBeforeTheOneThatSentTheHalfMessage() {
    // given
    FakeConnection silent = new FakeConnection(9);
    FakeConnection beating = transactions.producer(GROUP, "proxy@1", 1);
    transactions.sendHalf(silent, TOPIC, 1, "body");

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(beating)).containsExactly("body");
    assertThat(silent.notified()).isEmpty();
  }

  @Test
  void shouldAskTheSilentSenderWhenTheConnectionThatSentHeartbeatsIsClosed() {
    // given
    FakeConnection silent = new FakeConnection(9);
    FakeConnection beating = transactions.producer(GROUP, "proxy@1", 1);
    transactions.sendHalf(silent, TOPIC, 1, "body");
    beating.close();

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(silent)).containsExactly("body");
  }

  @Test
  void shouldAskASenderThatHasNotSaidYetWhoItIs() {
    // given
    FakeConnection silent = new FakeConnection(9);
    transactions.sendHalf(silent, TOPIC, 1, "body");

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(silent)).containsExactly("body");
  }

  /** 4.6. */
  @Test
  void shouldAskTheSenderAlsoWhenItSaysAfterwardsWhoItIs() {
    // given
    FakeConnection other = transactions.producer(GROUP, "other@1", 1);
    transactions.sendHalf(other, TOPIC, 0, "other's");
    FakeConnection sender = new FakeConnection(2);
    transactions.sendHalf(sender, TOPIC, 1, "first");
    transactions.producer(GROUP, "sender@2", sender);

    // when
    transactions.advance(6_000);

    // then
    assertThat(TestTransactions.bodies(sender)).containsExactly("first");
    assertThat(TestTransactions.bodies(other)).containsExactly("other's");
  }

  /** 4.4. */
  @Test
  void shouldNotAskASenderThatHasLeftItsGroup() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.producer("another group", "sender@1", sender);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();

    // when
    transactions.clients.unregister(sender, GROUP, null);
    transactions.advance(6_000);

    // then
    assertThat(sender.notified()).isEmpty();
    assertThat(transactions.broker.transactions.coordinator().find(id))
        .isNotNull()
        .extracting(OpenTransaction::checks)
        .isEqualTo(0);
  }
}
