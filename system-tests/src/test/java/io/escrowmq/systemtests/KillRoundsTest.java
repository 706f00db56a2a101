package io.escrowmq.systemtests;

import io.escrowmq.systemtests.driver.LoadReceipt;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  private static final int SENDERS = 6;
  private static final int BODY_BYTES = 700;
  private static final int AT_LEAST_EACH_ROUND = 40;
  private static final int AT_MOST_MORE = 800;
  private static final int ROUNDS = Integer.getInteger("systemtests.kill-rounds", 5);

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
    WatchedLoad load = new WatchedLoad(server, clients, SENDERS, BODY_BYTES);

    for (int round = 1; round <= ROUNDS; round++) {
      // when
      load.awaitMore(AT_LEAST_EACH_ROUND + random.nextInt(AT_MOST_MORE));
      server.kill();
      List<LoadReceipt> promised = load.takeAcknowledged();
      server.start();

      // then
      load.assertStored(promised, "acknowledged before kill " + round + " of seed " + seed);
    }
    load.assertUnchanged();
  }
}
