package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Waiting.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.Acknowledged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kill -9 under load, again and again. After each restart the queues are read, and every message that the client
 * was told is stored must be there, where it was said to be. The number of rounds of a run can be set with the
 * property {@code systemtests.kill-rounds}; the profile "long" has 200.
 */
@ParameterizedClass(name = "{0}, flush {1}")
@CsvSource({"V5_5_0_JSON, async", "V4_9_8_BINARY, sync"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class KillRoundsTest {

  private static final int QUEUES = 4;
  private static final int SENDERS = 6;
  private static final int BODY_BYTES = 700;
  private static final int AT_LEAST_EACH_ROUND = 40;
  private static final int AT_MOST_MORE = 800;
  private static final int ROUNDS = Integer.getInteger("systemtests.kill-rounds", 10);

  private final long seed = System.nanoTime();
  private final ServerProcess server;
  private final Clients clients;

  KillRoundsTest(ClientKind kind, String flush, TestBed bed) {
    // small segments, so that rounds also end while a segment is being rolled
    server = bed.startBoth(
        "killed",
        Map.of(
            "store.flush", flush,
            "store.segment-bytes", "1048576",
            "message.max-bytes", "65536"));
    clients = bed.clients(kind, server);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void shouldLoseNoAcknowledgedMessage() {
    // given
    Random random = new Random(seed);
    String topic = clients.freshTopic(QUEUES);
    String load = clients.load(topic, SENDERS, BODY_BYTES);
    List<List<Long>> stored = new ArrayList<>();
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      stored.add(new ArrayList<>());
    }

    for (int round = 1; round <= ROUNDS; round++) {
      // when
      long enough = clients.driver().acknowledgedCount(load)
          + AT_LEAST_EACH_ROUND
          + random.nextInt(AT_MOST_MORE);
      within(60).until(() -> clients.driver().acknowledgedCount(load) >= enough);
      server.kill();
      List<Acknowledged> promised = clients.driver().takeAcknowledged(load);
      server.start();

      // then
      readOn(load, stored);
      assertThat(promised)
          .as("acknowledged before kill %s of seed %s", round, seed)
          .isNotEmpty()
          .allSatisfy(message -> assertThat(stored.get(message.queueId()))
              .element((int) message.queueOffset())
              .isEqualTo(message.number()));
    }
    // what was once read has stayed what it was
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      assertThat(read(load, queueId, 0)).startsWith(stored.get(queueId).toArray(Long[]::new));
    }
  }

  /** Reads what each queue has beyond what was read of it before. */
  private void readOn(String load, List<List<Long>> stored) {
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      List<Long> known = stored.get(queueId);
      known.addAll(read(load, queueId, known.size()));
    }
  }

  private List<Long> read(String load, int queueId, long fromOffset) {
    AtomicReference<List<Long>> read = new AtomicReference<>(List.of());
    // the reader finds out first that its connection is gone
    within(30).ignoreExceptions().until(() -> {
      read.set(clients.driver().storedNumbers(load, server.brokerName(), queueId, fromOffset));
      return true;
    });
    return read.get();
  }
}
