package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Waiting.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.Outgoing;
import io.escrowmq.systemtests.driver.Received;
import io.escrowmq.systemtests.driver.Wanted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A part of the log is missing, and is brought back while consumers run: other people's clients take the
 * refusal of their pulls for what it is, wait, and get every message.
 */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class UnreadableLogTest {

  private static final int MESSAGES = 60;
  private static final int BODY_CHARACTERS = 30_000;
  private static final long CUT_AT = 600_000; // of a segment of 1 MiB

  private final ServerProcess server;
  private final Clients clients;

  UnreadableLogTest(ClientKind kind, TestBed bed) {
    server = bed.startBoth(
        "unreadable", Map.of("store.segment-bytes", "1MiB", "message.max-bytes", "512KiB"));
    clients = bed.clients(kind, server);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void shouldLoseNothingOfWhatCouldNotBeReadForAWhile() throws IOException {
    // given
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      sent.add("m" + i + "-" + "x".repeat(BODY_CHARACTERS));
      clients.driver().send(producer, Outgoing.to(topic, sent.get(i)));
    }
    server.stop();
    byte[] lost = cutTheFirstSegment();
    server.start();

    // when
    String pushed = clients.push(clients.freshGroup(), topic);
    String pulling = clients.litePull(clients.freshGroup(), topic, Wanted.EVERYTHING);
    Set<String> pulled = new TreeSet<>();
    within(40).until(() -> !pushed(pushed).isEmpty() && poll(pulling, pulled) > 0);
    within(20).during(Duration.ofSeconds(4)).until(() -> {
      poll(pulling, pulled);
      return pushed(pushed).size() < MESSAGES && pulled.size() < MESSAGES;
    });
    bringBack(lost);

    // then
    within(60)
        .untilAsserted(() -> assertThat(pushed(pushed)).containsExactlyInAnyOrderElementsOf(sent));
    within(60).until(() -> poll(pulling, pulled) == MESSAGES);
    assertThat(pulled).containsExactlyInAnyOrderElementsOf(sent);
  }

  private Set<String> pushed(String consumer) {
    Set<String> bodies = new TreeSet<>();
    for (Received message : clients.driver().received(consumer)) {
      bodies.add(message.body());
    }
    return bodies;
  }

  private int poll(String consumer, Set<String> into) {
    clients.driver().poll(consumer, 200).forEach(message -> into.add(message.body()));
    return into.size();
  }

  private byte[] cutTheFirstSegment() throws IOException {
    try (FileChannel file =
        FileChannel.open(firstSegment(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.allocate((int) (file.size() - CUT_AT));
      while (rest.hasRemaining() && file.read(rest, CUT_AT + rest.position()) >= 0) {
        // all of it
      }
      file.truncate(CUT_AT);
      return rest.array();
    }
  }

  private void bringBack(byte[] lost) throws IOException {
    try (FileChannel file = FileChannel.open(firstSegment(), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(lost), CUT_AT);
    }
  }

  private Path firstSegment() throws IOException {
    try (Stream<Path> files = Files.list(server.store().resolve("log"))) {
      return files.sorted().findFirst().orElseThrow();
    }
  }
}
