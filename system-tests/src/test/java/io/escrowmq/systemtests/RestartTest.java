package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PullAnswer;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.SendAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is there again after the server was ended and started: clean, and with kill -9. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("endings")
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class RestartTest {

  /** How a server is ended. */
  private enum Ending {
    CLEAN,
    KILLED;

    void end(ServerProcess server) {
      if (this == CLEAN) {
        server.stop();
      } else {
        server.kill();
      }
    }
  }

  static Stream<Arguments> endings() {
    return Stream.of(
        Arguments.of(ClientKind.V5_5_0_JSON, Ending.CLEAN),
        Arguments.of(ClientKind.V4_9_8_BINARY, Ending.KILLED));
  }

  private final Ending ending;
  private final ServerProcess server;
  private final Clients clients;

  RestartTest(ClientKind kind, Ending ending, TestBed bed) {
    this.ending = ending;
    server = bed.startBoth("restarted", Map.of());
    clients = bed.clients(kind, server);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void shouldDeliverAfterARestartWhatWasSentBefore() {
    // given
    String topic = clients.freshTopic(4);
    String producer = clients.producer();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add("m" + i);
      clients.driver().send(producer, OutgoingMessage.to(topic, "m" + i));
    }

    // when
    restart();

    // then
    String consumer = clients.push(clients.freshGroup(), topic);
    within(40)
        .untilAsserted(
            () -> assertThat(bodies(consumer)).containsExactlyInAnyOrderElementsOf(sent));
  }

  @Test
  void shouldKeepClientsWorkingOverARestart() {
    // given
    String topic = clients.freshTopic(2);
    String producer = clients.producer();
    String consumer = clients.push(clients.freshGroup(), topic);
    clients.driver().send(producer, OutgoingMessage.to(topic, "before"));
    within(20).until(() -> bodies(consumer).contains("before"));

    // when
    restart();

    // then
    within(40)
        .ignoreExceptions()
        .until(() -> clients
            .driver()
            .send(producer, OutgoingMessage.to(topic, "after"))
            .status()
            .equals("SEND_OK"));
    within(60).until(() -> bodies(consumer).contains("after"));
  }

  @Test
  void shouldKeepWhatAGroupHasConsumed() {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    String group = clients.freshGroup();
    for (int i = 0; i < 10; i++) {
      clients.driver().send(producer, OutgoingMessage.to(topic, "old"));
    }
    String before = clients.push(group, topic);
    within(20).until(() -> bodies(before).size() == 10);
    clients.stop(before);
    String puller = clients.pull(group);
    within(20)
        .until(
            () -> clients.driver().committedOffset(puller, topic, clients.brokerName(), 0) == 10);
    clients.stop(puller); // a member of the group, it would get a share of the queues
    SendAnswer last = clients.driver().send(producer, OutgoingMessage.to(topic, "new"));

    // when
    restart();

    // then
    assertThat(last.queueOffset()).isEqualTo(10);
    String after = clients.push(group, topic);
    within(40).until(() -> bodies(after).contains("new"));
    if (ending == Ending.CLEAN) {
      assertThat(bodies(after)).containsExactly("new");
    } else {
      // offsets are recorded once a second: a kill may bring back what was consumed since
      assertThat(bodies(after)).filteredOn(body -> body.equals("new")).hasSize(1);
    }
  }

  @Test
  void shouldKeepTopicsAndDelayedMessagesAndIds() {
    // given
    String topic = clients.freshTopic(3);
    String producer = clients.producer();
    SendAnswer plain =
        clients.driver().send(producer, OutgoingMessage.to(topic, "plain").keyed("key"));
    clients.driver().send(producer, OutgoingMessage.to(topic, "delayed").delayed(2));

    // when
    restart();

    // then
    String puller = clients.pull(clients.freshGroup());
    within(30)
        .ignoreExceptions()
        .until(() -> clients.driver().queues(puller, topic).size() == 3);
    PullAnswer found = clients
        .driver()
        .pull(
            puller,
            topic,
            plain.brokerName(),
            plain.queueId(),
            MessageFilter.EVERYTHING,
            plain.queueOffset(),
            1);
    assertThat(found.messages())
        .singleElement()
        .extracting(ReceivedMessage::offsetMessageId)
        .isEqualTo(plain.offsetMessageId());
    assertThat(new Printout(clients.mqadmin("queryMsgByKey", "-t", topic, "-k", "key")).text())
        .contains(plain.messageId());
    String consumer = clients.push(clients.freshGroup(), topic);
    within(40).until(() -> bodies(consumer).contains("delayed"));
  }

  private void restart() {
    ending.end(server);
    server.start();
  }

  private List<String> bodies(String consumer) {
    return clients.driver().received(consumer).stream()
        .map(ReceivedMessage::body)
        .toList();
  }
}
