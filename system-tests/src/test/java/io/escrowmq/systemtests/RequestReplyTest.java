package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.ReplyTimeoutException;
import io.escrowmq.client.StartFrom;
import io.escrowmq.systemtests.driver.DriverException;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Request and reply: unmodified clients with each other, and with our own client, both ways. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
@SystemTest
final class RequestReplyTest {

  private static final long PATIENCE_MILLIS = 20_000;

  @AutoClose
  private final Clients clients;

  RequestReplyTest(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
  }

  @Test
  void shouldBringRepliesToTheClientThatAsked() {
    // given: two requesters of one group, each with questions of its own
    String topic = clients.freshTopic(2);
    String replier = clients.replier(clients.freshGroup(), topic);
    String group = clients.freshGroup();
    String first = clients.producer(group);
    String second = clients.producer(group);

    // when, then
    for (int i = 0; i < 3; i++) {
      assertThat(ask(first, topic, "first-" + i)).isEqualTo("re: first-" + i);
      assertThat(ask(second, topic, "second-" + i)).isEqualTo("re: second-" + i);
    }
    // the reply may be there before its sender has been told so
    soon().until(() -> clients.driver().outcomes(replier).size() == 6);
    assertThat(clients.driver().outcomes(replier)).containsOnly("SEND_OK");
  }

  private String ask(String producer, String topic, String question) {
    return clients.driver().ask(producer, OutgoingMessage.to(topic, question), PATIENCE_MILLIS);
  }

  @Test
  void shouldTimeOutWhenNobodyReplies() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();

    // when, then
    assertThatThrownBy(
            () -> clients.driver().ask(producer, OutgoingMessage.to(topic, "anybody?"), 5_000))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("wait reply message timeout");
  }

  @Test
  @EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
  void shouldTellTheReplierThatTheRequesterIsGone() {
    // given
    String topic = clients.freshTopic(1);
    try (EscrowClient own = ownClient();
        Producer producer = own.producer().build()) {
      assertThatThrownBy(() -> producer.request(question(topic), Duration.ofSeconds(5)))
          .isInstanceOf(ReplyTimeoutException.class);
    }

    // when
    String replier = clients.replier(clients.freshGroup(), topic);

    // then
    within(60).until(() -> !clients.driver().outcomes(replier).isEmpty());
    assertThat(clients.driver().outcomes(replier).get(0)).contains("Exception");
  }

  @Test
  void shouldBringRepliesOfTheseClientsToOurs() {
    // given
    String topic = clients.freshTopic(1);
    clients.replier(clients.freshGroup(), topic);

    // when, then
    try (EscrowClient own = ownClient();
        Producer producer = own.producer().build()) {
      assertThat(producer
              .request(question(topic), Duration.ofMillis(PATIENCE_MILLIS))
              .text())
          .isEqualTo("re: how much?");
    }
  }

  @Test
  void shouldBringRepliesOfOurClientToThese() {
    // given
    String topic = clients.freshTopic(1);
    String asking = clients.producer();

    // when, then
    try (EscrowClient own = ownClient();
        Producer producer = own.producer().build()) {
      own.consumer(clients.freshGroup())
          .subscribe(topic)
          .startFrom(StartFrom.begin())
          .handler(question -> producer.reply(question, "12 for " + question.text()))
          .start();
      assertThat(ask(asking, topic, "tea")).isEqualTo("12 for tea");
    }
  }

  private EscrowClient ownClient() {
    return EscrowClient.builder().nameServers(clients.nameServer()).build();
  }

  private static Message question(String topic) {
    return Message.to(topic).body("how much?");
  }
}
