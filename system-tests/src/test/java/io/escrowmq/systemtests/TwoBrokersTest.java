package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A name server of its own, two brokers, one of which goes away and comes back. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_JSON"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class TwoBrokersTest {

  private static final int QUEUES_EACH = 2;

  private final ServerProcess namesrv;
  private final ServerProcess one;
  private final ServerProcess two;
  private final Clients clients;

  TwoBrokersTest(ClientKind kind, TestBed bed) {
    namesrv = bed.startNamesrv();
    one = bed.startBroker(namesrv.nameServer(), "one");
    two = bed.startBroker(namesrv.nameServer(), "two");
    clients = bed.clients(kind, one);
  }

  @AfterEach
  void end() {
    clients.close();
    one.close();
    two.close();
    namesrv.close();
  }

  @Test
  void shouldGoOnWithOneBrokerWhenTheOtherStops() {
    // given
    String topic = topicOnBoth();
    String producer = clients.producer();
    String consumer = clients.push(clients.freshGroup(), topic);
    Set<String> brokers = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      brokers.add(
          clients.driver().send(producer, OutgoingMessage.to(topic, "a" + i)).brokerName());
    }
    within(20).until(() -> received(consumer).size() == 20);
    clients.driver().sendToQueue(producer, OutgoingMessage.to(topic, "kept"), "two", 0);
    within(20).until(() -> bodies(consumer).contains("kept"));

    // when
    two.stop();

    // then
    assertThat(brokers).containsExactlyInAnyOrder("one", "two");
    within(10).untilAsserted(() -> {
      // it has unregistered: nobody is sent to it any more
      Printout route = new Printout(clients.mqadmin("topicRoute", "-t", topic));
      assertThat(route.members("brokerName")).containsOnly("one");
    });
    for (int i = 0; i < 20; i++) {
      assertThat(clients
              .driver()
              .send(producer, OutgoingMessage.to(topic, "b" + i))
              .brokerName())
          .isEqualTo("one");
    }
    within(20).until(() -> received(consumer).size() == 41);

    // when
    two.start();

    // then
    within(60)
        .until(() -> clients
            .driver()
            .send(producer, OutgoingMessage.to(topic, "c"))
            .brokerName()
            .equals("two"));
  }

  @Test
  void shouldSendToTheOtherBrokerWhenOneIsKilled() {
    // given
    String topic = topicOnBoth();
    String producer = clients.producer();
    clients.driver().sendToQueue(producer, OutgoingMessage.to(topic, "on two"), "two", 1);
    two.kill();

    // when: its route stays until its lease ends, so clients must find out for themselves
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      assertThat(clients
              .driver()
              .send(producer, OutgoingMessage.to(topic, "m" + i))
              .brokerName())
          .isEqualTo("one");
      sent.add("m" + i);
    }

    // then
    String consumer = clients.push(clients.freshGroup(), topic);
    within(30)
        .untilAsserted(
            () -> assertThat(bodies(consumer)).containsExactlyInAnyOrderElementsOf(sent));
    two.start();
    within(60).until(() -> bodies(consumer).contains("on two"));
  }

  private String topicOnBoth() {
    String topic = clients.freshTopic(QUEUES_EACH);
    clients.createTopic(two, topic, QUEUES_EACH);
    return topic;
  }

  private List<ReceivedMessage> received(String consumer) {
    return clients.driver().received(consumer);
  }

  private List<String> bodies(String consumer) {
    return received(consumer).stream().map(ReceivedMessage::body).toList();
  }
}
