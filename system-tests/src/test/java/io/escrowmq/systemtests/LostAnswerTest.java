package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Waiting.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.Outgoing;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final int GET_METRICS = 30006;
  private static final int GET_MAX_OFFSET = 30;

  private final CuttingProxy proxy = new CuttingProxy();
  private final ServerProcess server;
  private final Clients clients;

  LostAnswerTest(ClientKind kind, TestBed bed) {
    server = bed.startBoth(
        "lost-answer", Map.of("broker.advertise", proxy.address(), "send.deduplicate", "all"));
    proxy.leadTo(server.broker());
    clients = bed.clients(kind, server);
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
    loseAnswers(
        topic,
        () -> assertThat(
                clients.driver().send(producer, Outgoing.to(topic, "message")).status())
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
      loseAnswers(
          topic,
          () -> assertThat(
                  producer.send(Message.to(topic).body("message")).queue().topic())
              .isEqualTo(topic));
    }
  }

  /** Sends until the answer to a send was lost: sometimes it is that to a heartbeat. */
  private void loseAnswers(String topic, Runnable send) {
    send.run();
    long before = repeated();
    AtomicInteger sent = new AtomicInteger(1);
    within(30).until(() -> {
      // when
      proxy.cutBeforeNextAnswer();
      send.run();

      // then
      assertThat(proxy.hasCut()).isTrue();
      assertThat(stored(topic)).isEqualTo(sent.incrementAndGet());
      return repeated() > before;
    });
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

  private long repeated() {
    Answer answer = clients.request(server.broker(), GET_METRICS, Map.of());
    String after = answer.body().split("escrowmq_sends_repeated_total", -1)[1];
    return Long.parseLong(after.replaceFirst("(?s).*?\"value\":(\\d+).*", "$1"));
  }
}
