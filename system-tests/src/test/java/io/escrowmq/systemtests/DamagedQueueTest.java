package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Producer;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Consumers of a queue whose files were lost while the server was down: they get all, in order. */
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class DamagedQueueTest {

  private static final int MESSAGES = 1000; // three sealed chunks, and some in the state file

  private final ServerProcess server;
  private final OwnClients clients;

  DamagedQueueTest(TestBed bed) {
    server = bed.startBoth("damaged", Map.of());
    clients = new OwnClients(bed.clients(ClientKind.V5_5_0_JSON, server));
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void shouldDeliverAllInOrderToEveryKindOfClient() throws IOException {
    // given: a consumer that comes back as soon as the server does
    String topic = clients.freshTopic(1);
    try (Producer producer = clients.producer()) {
      OwnClients.send(producer, topic, MESSAGES);
    }
    PullConsumer early = clients
        .client()
        .pullConsumer(clients.freshGroup())
        .startFrom(StartFrom.begin())
        .assign(clients.client().queuesOf(topic))
        .build();
    server.stop();
    deleteAll(server.store().resolve("queues"));

    // when
    server.start();
    String pushed = clients.others().push(clients.freshGroup(), topic);

    // then
    List<String> all = IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList();
    List<String> polled = new ArrayList<>();
    within(60).until(() -> {
      early.poll(Duration.ofMillis(200)).forEach(delivery -> polled.add(delivery.text()));
      return polled.size() >= MESSAGES;
    });
    assertThat(polled).isEqualTo(all);
    within(60)
        .untilAsserted(() -> assertThat(
                clients.others().driver().received(pushed).stream().map(ReceivedMessage::body))
            .containsExactlyInAnyOrderElementsOf(all));
  }

  private static void deleteAll(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
