package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.DriverException;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that is really full: sends are refused, everything else goes on, and it ends by itself. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class FullDiskTest {

  private static final int DISK_MEBIBYTES = 96;
  private static final int BALLAST_MEBIBYTES = 48;
  private static final int BODY_BYTES = 256 * 1024;
  private static final int MOST_SENDS = (DISK_MEBIBYTES << 20) / BODY_BYTES;
  private static final int SERVICE_NOT_AVAILABLE = 14;

  /** What no compression makes small: clients compress what is longer than 4 KiB. */
  private static final String FILLING = filling();

  private final ServerProcess server;
  private final Clients clients;

  @BeforeAll
  static void needNamespaces() {
    SmallDisk.assumePossible();
  }

  FullDiskTest(ClientKind kind, TestBed bed) {
    server = bed.startBothOn(
        new SmallDisk(DISK_MEBIBYTES),
        Map.of("store.segment-bytes", "8MiB", "tx.first-check", "1s", "tx.check-every", "1s"));
    clients = bed.clients(kind, server);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void shouldRefuseOnlySendsAndTakeThemAgainByItselfWhenThereIsRoom() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.producer();
    String transacting =
        clients.transacting(clients.freshGroup(), topic, CheckScript.always(LocalOutcome.UNKNOWN));
    clients
        .driver()
        .sendInTransaction(transacting, OutgoingMessage.to(topic, "half"), LocalOutcome.UNKNOWN);
    SmallDisk.addBallast(server.store(), BALLAST_MEBIBYTES);

    // when
    List<String> taken = new ArrayList<>();
    DriverException refused = null;
    while (refused == null && taken.size() < MOST_SENDS) {
      refused = trySending(producer, topic, "m" + taken.size(), taken);
    }

    // then
    assertThat(refused).isNotNull();
    assertThat(refused.responseCode()).isEqualTo(SERVICE_NOT_AVAILABLE);
    assertThat(refused).hasMessageContaining("the disk is full: ").hasMessageContaining(" bytes");

    // a consumer gets all that was taken, and a decision is taken out of the reserve
    clients.driver().answerChecks(transacting, CheckScript.always(LocalOutcome.COMMIT));
    String consumer = clients.push(group, topic);
    List<String> expected = new ArrayList<>(taken);
    expected.add("half");
    within(40)
        .untilAsserted(
            () -> assertThat(names(consumer)).containsExactlyInAnyOrderElementsOf(expected));
    assertThat(trySending(producer, topic, "still full", taken)).isNotNull();
    clients.stop(consumer);
    String puller = clients.pull(group);
    assertThat(clients.driver().committedOffset(puller, topic, clients.brokerName(), 0))
        .as("offset recorded while the disk is full")
        .isEqualTo(expected.size());

    // room
    SmallDisk.dropBallast(server.store());
    within(20).until(() -> trySending(producer, topic, "after", taken) == null);
    String next = clients.push(group, topic);
    within(40).untilAsserted(() -> assertThat(names(next)).containsExactly("after"));
  }

  private @Nullable DriverException trySending(
      String producer, String topic, String name, List<String> taken) {
    try {
      String body = name + " " + FILLING;
      // to one queue: then the client tells the broker's refusal as it is
      clients
          .driver()
          .sendToQueue(producer, OutgoingMessage.to(topic, body), clients.brokerName(), 0);
      taken.add(name);
      return null;
    } catch (DriverException refused) {
      return refused;
    }
  }

  private static String filling() {
    byte[] bytes = new byte[BODY_BYTES];
    new Random(1).nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private List<String> names(String consumer) {
    return clients.driver().received(consumer).stream()
        .map(ReceivedMessage::body)
        .map(body -> body.substring(0, body.indexOf(' ') < 0 ? body.length() : body.indexOf(' ')))
        .toList();
  }
}
