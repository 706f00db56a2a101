package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.ClientEvents;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.core.InnerProposal;
import io.escrowmq.remoting.FakeConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReturningProducersTest {

  @AutoClose
  private final TestTransactions transactions = new TestTransactions();

  private void come(FakeConnection producer) {
    transactions.clients.registerProducer(GROUP, TestMembers.of("p", producer, 0));
  }

  private int checksOf(long id) {
    return Objects.requireNonNull(transactions.broker.transactions.coordinator().find(id))
        .checks();
  }

  /** The half-message of a producer that went away; its check was due meanwhile. */
  private long unanswerable() {
    FakeConnection sender = new FakeConnection(7);
    long id = transactions.sendHalf(sender, TestTransactions.TOPIC, 1, "body").sentPosition();
    sender.close();
    transactions.advance(60_000);
    assertThat(checksOf(id)).isZero();
    return id;
  }

  @Test
  void shouldAskAReturningProducerThoughTheInboxWasFullWhenItCame() {
    // given
    long id = unanswerable();
    while (transactions.broker.loop.offer(new InnerProposal(recorder -> {}, () -> {}))) {
      // until there is no room
    }

    // when
    come(new FakeConnection(8));
    transactions.advance(1_000);

    // then
    assertThat(checksOf(id)).isEqualTo(1);
  }

  @Test
  void shouldAskAProducerThatOnlyGoesOnSayingThatItIsHere() {
    // given
    List<String> told = new ArrayList<>();
    ReturningProducers returning = new ReturningProducers(() -> {});
    returning.missed(GROUP);

    // when
    returning.producerIsHere("another");
    returning.producerIsHere(GROUP);
    returning.take(told::add);
    returning.producerIsHere(GROUP);
    returning.take(told::add);

    // then
    assertThat(told).containsExactly(GROUP);
  }

  @Test
  void shouldTellEveryHeartbeatOfAProducer() {
    // given
    List<String> came = new ArrayList<>();
    List<String> here = new ArrayList<>();
    transactions.clients.events().add(new ClientEvents.Listener() {
      @Override
      public void producerCame(String group) {
        came.add(group);
      }

      @Override
      public void producerIsHere(String group) {
        here.add(group);
      }
    });
    FakeConnection producer = new FakeConnection(8);

    // when
    come(producer);
    come(producer);

    // then
    assertThat(came).containsExactly(GROUP);
    assertThat(here).containsExactly(GROUP);
  }

  @Test
  void shouldKeepSoManyGroupsAndNoMoreAndTakeThemAPartAtATime() {
    // given
    List<String> told = new ArrayList<>();
    ReturningProducers returning = new ReturningProducers(() -> {});

    // when
    for (int i = 0; i <= 100_000; i++) {
      returning.producerCame("g" + i);
    }
    returning.take(told::add);
    int atOnce = told.size();
    while (returning.hasCome()) {
      returning.take(told::add);
    }

    // then
    assertThat(atOnce).isEqualTo(1_000);
    assertThat(told).doesNotHaveDuplicates().hasSize(100_000);
  }

  @Test
  void shouldRememberSoManyMissedGroupsAndStillFindTheNextOne() {
    // given
    List<String> told = new ArrayList<>();
    ReturningProducers returning = new ReturningProducers(() -> {});
    for (int i = 0; i < 100_000; i++) {
      returning.missed("g" + i);
    }
    returning.producerIsHere("never missed");
    returning.take(told::add);
    assertThat(told).isEmpty();

    // when
    returning.missed("one more");
    int remembered = returning.remembered();
    returning.producerIsHere("one more");
    returning.producerIsHere("g7");
    returning.take(told::add);

    // then
    assertThat(remembered).isLessThanOrEqualTo(100_000);
    assertThat(told).containsExactlyInAnyOrder("one more", "g7");
  }
}
