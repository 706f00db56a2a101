package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Consumers with unmodified clients send on what they receive, as it is. RocketMQ fails these tests. */
@SystemTest
final class SentOnTest {

  @AutoClose
  private final OwnClients clients;

  SentOnTest(TestBed bed) {
    clients = new OwnClients(bed);
  }

  @Test
  void shouldStoreWhatAConsumerSendsOnToTheSameTopic() {
    // given
    String topic = clients.freshTopic(1);
    String consumer = clients.others().push(clients.freshGroup(), topic);
    try (var producer = clients.client().producer().build()) {
      producer.send(Message.to(topic).body("body"));
    }
    ReceivedMessage first = received(consumer, 1).get(0);

    // when
    SendAnswer sent = clients.others().driver().sendOn(clients.others().producer(), first, topic);

    // then
    assertThat(sent.status()).isEqualTo("SEND_OK");
    assertThat(sent.queueOffset()).isEqualTo(1);
    assertThat(received(consumer, 2))
        .extracting(ReceivedMessage::body)
        .containsExactly("body", "body");
  }

  @Test
  void shouldShowACommittedMessageAndADelayedOneThatAreSentOn() {
    // given
    String topic = clients.freshTopic(1);
    String next = clients.freshTopic(1);
    Clients others = clients.others();
    String consumer = others.push(clients.freshGroup(), topic);
    String last = others.push(clients.freshGroup(), next);
    String transacting =
        others.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    String producer = others.producer();
    others
        .driver()
        .sendInTransaction(
            transacting, OutgoingMessage.to(topic, "committed"), LocalOutcome.COMMIT);
    others.driver().send(producer, OutgoingMessage.to(topic, "delayed").delayed(1));

    // when
    List<SendAnswer> sent = received(consumer, 2).stream()
        .map(one -> others.driver().sendOn(producer, one, next))
        .toList();

    // then
    assertThat(sent).extracting(SendAnswer::queueOffset).containsExactly(0L, 1L);
    assertThat(received(last, 2))
        .extracting(ReceivedMessage::body)
        .containsExactlyInAnyOrder("committed", "delayed");
  }

  private List<ReceivedMessage> received(String consumer, int count) {
    within(30).until(() -> clients.others().driver().received(consumer).size() >= count);
    return clients.others().driver().received(consumer);
  }
}
