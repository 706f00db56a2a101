package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that were sent with a delay level. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
final class DelayedMessagesTest {

  private static final Map<Integer, Long> MILLIS_OF_LEVEL = Map.of(1, 1000L, 2, 5000L, 3, 10_000L);
  // how much later than promised is still in time, on a machine that also builds
  private static final long TOLERANCE_MILLIS = 5000;

  @AutoClose
  private final Clients clients;

  DelayedMessagesTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldDeliverWhenTheDelayIsOverAndNotBefore() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String consumer = clients.push(clients.freshGroup(), topic);

    // when
    sendDelayed(producer, topic, 3);
    sendDelayed(producer, topic, 2);
    clients.driver().send(producer, OutgoingMessage.to(topic, "at once"));
    sendDelayed(producer, topic, 1);

    // then
    within(30).until(() -> clients.driver().received(consumer).size() == 4);
    List<ReceivedMessage> received = clients.driver().received(consumer);
    assertThat(received)
        .extracting(ReceivedMessage::body)
        .containsExactlyInAnyOrder("at once", "1", "2", "3");
    for (ReceivedMessage delayed : received) {
      if (delayed.body().equals("at once")) {
        continue;
      }
      long promised = MILLIS_OF_LEVEL.get(Integer.parseInt(delayed.body()));
      assertThat(delayed.receivedAtMillis() - delayed.bornAtMillis())
          .as("delay of level %s", delayed.body())
          .isBetween(promised - 100, promised + TOLERANCE_MILLIS);
      assertThat(delayed.topic()).isEqualTo(topic);
      assertThat(delayed.properties()).containsEntry("REAL_TOPIC", topic);
    }
  }

  private void sendDelayed(String producer, String topic, int level) {
    SendAnswer sent = clients
        .driver()
        .send(producer, OutgoingMessage.to(topic, Integer.toString(level)).delayed(level));
    assertThat(sent.status()).isEqualTo("SEND_OK");
  }
}
