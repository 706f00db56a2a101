package io.escrowmq.systemtests;

import io.escrowmq.systemtests.driver.LoadReceipt;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three replicas, and unmodified clients that send on and on: the leader is killed with -9, or ended, again and again.
 * Another one leads then, and every message that a client was told is stored must be there, where it was said to be.
 * The number of rounds can be set with the property {@code systemtests.kill-leader-rounds}; the profile "long" has 100.
 */
@ParameterizedClass(name = "{0}, flush {1}")
@CsvSource({"V5_5_0_JSON, async", "V4_9_8_BINARY, sync"})
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
@ResourceLock(TestBed.OWN_SERVERS)
final class KilledLeaderTest {

  private static final int SENDERS = 4;
  private static final int BODY_BYTES = 700;
  private static final int AT_LEAST_EACH_ROUND = 40;
  private static final int AT_MOST_MORE = 400;
  private static final int ROUNDS = Integer.getInteger("systemtests.kill-leader-rounds", 3);

  private final long seed = System.nanoTime();
  private final ServerProcess group;
  private final Clients clients;

  KilledLeaderTest(ClientKind kind, String flush, TestBed bed) {
    group = bed.startReplicas("replica", 3, flush);
    clients = bed.clients(kind, group);
  }

  @AfterEach
  void end() {
    clients.close();
    group.close();
  }

  @Test
  void shouldLoseNoAcknowledgedMessage() {
    // given
    Random random = new Random(seed);
    WatchedLoad load = new WatchedLoad(group, clients, SENDERS, BODY_BYTES);

    for (int round = 1; round <= ROUNDS; round++) {
      // when
      load.awaitMore(AT_LEAST_EACH_ROUND + random.nextInt(AT_MOST_MORE));
      if (round % 3 == 0) {
        group.stop();
      } else {
        group.kill();
      }
      List<LoadReceipt> promised = load.takeAcknowledged();
      load.awaitMore(AT_LEAST_EACH_ROUND);

      // then
      load.assertStored(promised, "acknowledged before the end " + round + " of seed " + seed);
      group.start();
    }
    load.assertUnchanged();
  }
}
