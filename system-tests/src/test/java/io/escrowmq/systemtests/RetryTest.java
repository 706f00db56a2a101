package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PullAnswer;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of messages that a consumer does not accept. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
final class RetryTest {

  @AutoClose
  private final Clients clients;

  RetryTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldDeliverAFailedMessageAgainLater() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String consumer = clients.push(clients.freshGroup(), topic, plan -> plan.failing(1, 16, 1));

    // when
    SendAnswer sent = clients
        .driver()
        .send(producer, OutgoingMessage.to(topic, "again").tagged("t").keyed("k"));

    // then
    within(40).until(() -> clients.driver().received(consumer).size() == 2);
    List<ReceivedMessage> deliveries = clients.driver().received(consumer);
    ReceivedMessage second = deliveries.get(1);
    assertThat(second.body()).isEqualTo("again");
    assertThat(second.topic()).as("told under its own name").isEqualTo(topic);
    assertThat(second.reconsumeTimes()).isOne();
    assertThat(second.tags()).isEqualTo("t");
    assertThat(second.keys()).isEqualTo("k");
    assertThat(second.messageId()).isEqualTo(sent.messageId());
    assertThat(second.receivedAtMillis() - deliveries.get(0).receivedAtMillis())
        .as("delay level 1 is a second")
        .isGreaterThanOrEqualTo(900);
  }

  @Test
  void shouldMoveAMessageThatKeepsFailingToTheDeadLetters() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String group = clients.freshGroup();
    String consumer = clients.push(group, topic, plan -> plan.failing(99, 1, 1));

    // when
    SendAnswer sent =
        clients.driver().send(producer, OutgoingMessage.to(topic, "poison").keyed("k"));

    // then
    String puller = clients.pull(clients.freshGroup());
    List<ReceivedMessage> dead = awaitDeadLetters(puller, group, 1);
    assertThat(clients.driver().received(consumer)).as("deliveries").hasSize(2);
    ReceivedMessage letter = dead.get(0);
    assertThat(letter.body()).isEqualTo("poison");
    assertThat(letter.keys()).isEqualTo("k");
    assertThat(letter.messageId()).isEqualTo(sent.messageId());
    assertThat(letter.properties())
        .containsEntry("RETRY_TOPIC", topic)
        .containsEntry("ORIGIN_MESSAGE_ID", sent.offsetMessageId());
  }

  @Test
  void shouldMoveAMessageThatKeepsFailingInOrderToTheDeadLetters() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String group = clients.freshGroup();
    String consumer = clients.push(group, topic, plan -> plan.inOrder().failing(99, 1, 0));

    // when
    clients.driver().send(producer, OutgoingMessage.to(topic, "poison"));
    clients.driver().send(producer, OutgoingMessage.to(topic, "poison too"));

    // then
    String puller = clients.pull(clients.freshGroup());
    assertThat(awaitDeadLetters(puller, group, 2))
        .extracting(ReceivedMessage::body)
        .containsExactly("poison", "poison too");
    assertThat(clients.driver().received(consumer)).hasSize(4);
  }

  private List<ReceivedMessage> awaitDeadLetters(String puller, String group, int count) {
    String deadLetters = "%DLQ%" + group;
    // a pull names a topic that is not there yet; its first answers are refusals
    within(40)
        .ignoreExceptions()
        .until(() -> pull(puller, deadLetters).messages().size() == count);
    return pull(puller, deadLetters).messages();
  }

  private PullAnswer pull(String puller, String topic) {
    return clients
        .driver()
        .pull(puller, topic, clients.brokerName(), 0, MessageFilter.EVERYTHING, 0, 32);
  }
}
