package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.StartFrom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Our client on two brokers, one of which is killed and comes back. */
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class OwnFailoverTest {

  private final ServerProcess namesrv;
  private final ServerProcess one;
  private final ServerProcess two;
  private final OwnClients clients;
  private final String topic;

  OwnFailoverTest(TestBed bed) {
    namesrv = bed.startNamesrv();
    one = bed.startBroker(namesrv.nameServer(), "one");
    two = bed.startBroker(namesrv.nameServer(), "two");
    clients = new OwnClients(bed.clients(ClientKind.V5_5_0_JSON, one));
    topic = bed.fresh("topic");
    clients.others().createTopic(one, topic, 2);
    clients.others().createTopic(two, topic, 2);
  }

  @AfterEach
  void end() {
    clients.close();
    one.close();
    two.close();
    namesrv.close();
  }

  @Test
  void shouldGoOnWithOneBrokerWhileTheOtherIsGone() {
    // given
    Producer producer = clients.client().producer().build();
    Inbox inbox = new Inbox();
    clients
        .client()
        .consumer(clients.freshGroup())
        .subscribe(topic)
        .startFrom(StartFrom.begin())
        .handler(inbox)
        .start();
    Set<String> sent = new HashSet<>();
    Set<String> before = send(producer, "before", sent);

    // when
    two.kill();
    Set<String> meanwhile = send(producer, "meanwhile", sent);
    two.start();

    // then
    assertThat(before).containsExactlyInAnyOrder("one", "two");
    assertThat(meanwhile).containsExactly("one");
    within(60)
        .until(() ->
            producer.send(Message.to(topic).body("probe")).queue().brokerName().equals("two"));
    send(producer, "after", sent);
    within(60).untilAsserted(() -> assertThat(new HashSet<>(inbox.bodies())).containsAll(sent));
  }

  /** Sends some, which must all be confirmed; returns the brokers that took them. */
  private Set<String> send(Producer producer, String word, Set<String> sent) {
    List<String> bodies = IntStream.range(0, 20).mapToObj(i -> word + i).toList();
    Set<String> brokers = new HashSet<>();
    for (String body : bodies) {
      SendReceipt receipt = producer.send(Message.to(topic).body(body));
      brokers.add(receipt.queue().brokerName());
    }
    sent.addAll(bodies);
    return brokers;
  }

  @Test
  void shouldWaitForTheOnlyBrokerWithinTheDeadline() {
    // given
    String onlyThere = topic + "-of-two";
    clients.others().createTopic(two, onlyThere, 2);
    Producer patient =
        clients.client().producer().sendTimeout(Duration.ofSeconds(30)).build();
    SendReceipt first = patient.send(Message.to(onlyThere).orderingKey("k").body("m0"));
    two.kill();

    // when
    CompletionStage<SendReceipt> second =
        patient.sendAsync(Message.to(onlyThere).orderingKey("k").body("m1"));
    two.start();

    // then
    SendReceipt receipt = second.toCompletableFuture().join();
    assertThat(receipt.queue()).isEqualTo(first.queue());
    assertThat(receipt.queueOffset()).isEqualTo(first.queueOffset() + 1);
  }
}
