package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.WitnessDuty;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was synced long ago is never taken for a torn tail, however long nobody has sent anything. */
class WitnessTest {

  private static final long SYNC_EVERY_MILLIS = 500; // as in the background
  private static final long STEP_MILLIS = 50;
  private static final long LONG_AGO_MILLIS = 1000;

  private static final class Life {
    private final TestStore store;
    private final Random random;
    private final TreeMap<Long, String> sent = new TreeMap<>(); // by position
    private final TreeMap<Long, Long> syncedUpTo = new TreeMap<>(); // by time
    private final WitnessDuty witness;
    private long nextSyncMillis;

    Life(int seed) {
      store = new TestStore(seed);
      random = new Random(seed * 0x9E3779B97F4A7C15L);
      witness = new WitnessDuty(store.state.store.log());
      store.loop.add(witness);
      store.createTopic("orders", 1);
    }

    void sendSome() {
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        String body = sent.size() + "-".repeat(random.nextInt(3000));
        sent.put(store.send("orders", 0, body), body);
      }
    }

    void rest(long millis) {
      for (long rested = 0; rested < millis; rested += STEP_MILLIS) {
        store.clock.advance(STEP_MILLIS);
        store.settle();
        if (store.clock.millis() >= nextSyncMillis) {
          nextSyncMillis = store.clock.millis() + SYNC_EVERY_MILLIS;
          store.sync();
          syncedUpTo.put(store.clock.millis(), store.state.store.log().durable());
        }
      }
    }

    long syncedLongAgo() {
      Map.Entry<Long, Long> last = syncedUpTo.floorEntry(store.clock.millis() - LONG_AGO_MILLIS);
      return last == null ? 0 : last.getValue();
    }

    void flipBit(long position) {
      long start = position / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES;
      store.files.flipBit(
          TestStore.DIRECTORY.resolve("log").resolve("%020d.log".formatted(start)),
          position - start,
          random.nextInt(8));
    }
  }

  @Test
  void shouldNeverCutInSilenceWhatWasSyncedASecondBefore() {
    int refused = 0;
    for (int seed = 0; seed < 150; seed++) {
      // given: bursts and rests, and a process that is killed: all that it wrote is there
      Life life = new Life(seed);
      for (int i = 1 + life.random.nextInt(6); i > 0; i--) {
        life.sendSome();
        life.rest(life.random.nextInt(4) * 700 + 1);
      }
      long synced = life.syncedLongAgo();
      life.store.kill();

      // when: one bit turns over, often in the last that was synced
      if (synced > 0) {
        long from = life.random.nextBoolean() ? Math.max(0, synced - 3000) : 0;
        life.flipBit(life.random.nextLong(from, synced));
      }

      // then: it is refused, or all is there
      try {
        life.store.start();
        assertThat(life.store.read("orders", 0).values())
            .as("seed %d", seed)
            .containsAll(life.sent.headMap(synced).values());
        life.store.state.close();
      } catch (StorageException e) {
        assertThat(e.reason()).as("seed %d", seed).isEqualTo(Reason.CORRUPT);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  @Test
  void shouldWriteOneMarkARestAndNothingMore() {
    // given
    Life life = new Life(1);
    for (int burst = 0; burst < 3; burst++) {
      life.sendSome();
      long end = life.store.state.store.log().end();
      life.rest(3000);
      assertThat(life.store.state.store.log().end())
          .isBetween(end + 1, end + 64); // ahead of the sync, too

      // when: hours go by
      List<Path> written = new ArrayList<>();
      life.store.files.fault((operation, file) -> written.add(file));
      for (int i = 0; i < 10_000; i++) {
        life.rest(STEP_MILLIS);
        assertThat(life.witness.nextMillis()).isEqualTo(Long.MAX_VALUE);
      }

      // then
      assertThat(written).isEmpty();
      life.store.files.fault((operation, file) -> {});
    }
  }

  @Test
  void shouldWriteNothingAfterAStartOfALogThatIsSealed() {
    // given
    Life life = new Life(1);
    life.sendSome();
    life.store.stop();
    for (int i = 0; i < 3; i++) {
      life.store.start();
      WitnessDuty witness = new WitnessDuty(life.store.state.store.log());

      // when // then
      assertThat(witness.nextMillis()).isEqualTo(Long.MAX_VALUE);
      life.store.stop();
    }
  }
}
