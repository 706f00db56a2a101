package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The broker has stored a message, and the answer is lost: the client's second try is no second message. Clients of
 * 4.9 do not notice that a connection has gone while they wait, and try nothing within their deadline.
 */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V5_5_0_BINARY"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class LostAnswerTest {

  private static final int QUEUES = 4;
  private static final int GET_MAX_OFFSET = 30;
  private static final int SEND_MESSAGE_V2 = 310;
  private static final String REPEATED = "escrowmq_sends_repeated_total";

  private final CuttingProxy proxy = new CuttingProxy();
  private final ServerProcess server;
  private final Clients clients;
  private final TransactionRequests requests;

  LostAnswerTest(ClientKind kind, TestBed bed) {
    server = bed.startBoth(
        "lost-answer", Map.of("broker.advertise", proxy.address(), "send.deduplicate", "all"));
    proxy.leadTo(server.broker());
    clients = bed.clients(kind, server);
    requests = new TransactionRequests(clients);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
    proxy.close();
  }

  @Test
  void shouldStoreOneMessageThoughAnUnmodifiedClientSendsItTwice() {
    // given
    String topic = clients.freshTopic(QUEUES);
    String producer = clients.producer();

    // then
    loseAnswer(
        topic,
        () -> assertThat(clients
                .driver()
                .send(producer, OutgoingMessage.to(topic, "message"))
                .status())
            .isEqualTo("SEND_OK"));
  }

  @Test
  void shouldStoreOneMessageThoughOurClientSendsItTwice() {
    // given
    String topic = clients.freshTopic(QUEUES);
    try (EscrowClient client =
            EscrowClient.builder().nameServers(server.nameServer()).build();
        Producer producer = client.producer().build()) {

      // then
      loseAnswer(
          topic,
          () -> assertThat(
                  producer.send(Message.to(topic).body("message")).queue().topic())
              .isEqualTo(topic));
    }
  }

  private void loseAnswer(String topic, Runnable send) {
    send.run();
    String before = requests.metric(REPEATED);

    // when
    CompletableFuture<Void> cut =
        proxy.cutBeforeAnswerTo(request -> request.code() == SEND_MESSAGE_V2, () -> {});
    send.run();

    // then
    assertThat(cut).isCompleted();
    assertThat(List.of(before, requests.metric(REPEATED))).containsExactly("0", "1");
    assertThat(stored(topic)).isEqualTo(2);
  }

  private long stored(String topic) {
    long sum = 0;
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      Answer answer = clients.request(
          server.broker(),
          GET_MAX_OFFSET,
          Map.of("topic", topic, "queueId", Integer.toString(queueId)));
      sum += Long.parseLong(answer.fields().get("offset"));
    }
    return sum;
  }
}
