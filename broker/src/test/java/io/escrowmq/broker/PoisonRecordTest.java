package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Payloads;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whole records, with the right checksum, that nobody can apply: what a defect or a bad memory chip would
 * leave. A broker must not end at each start with a stack trace, and a repair must get past them.
 */
class PoisonRecordTest {

  private static final int SEEDS = 300;
  private static final List<RecordKind> KINDS = List.of(RecordKind.values());

  private int refused;

  @Test
  void shouldNameARecordThatCannotBeAppliedAndStartAfterARepair() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        play(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(refused).as("most of them cannot be applied").isGreaterThan(SEEDS / 2);
  }

  private void play(int seed) {
    // given: a record of any kind, with any payload, between good ones
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    TestStore store = new TestStore(seed);
    store.createTopic("orders", 1);
    store.send("orders", 0, "before");
    RecordKind kind = KINDS.get(random.nextInt(KINDS.size()));
    long poison = appendAny(store.state.store.log(), kind, random);
    store.sync();
    store.kill();

    // when
    Throwable failure = catchThrowable(store::start);

    // then: it is named, with what helps
    if (failure != null) {
      refused++;
      assertThat(failure)
          .as(kind.toString())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(kind + " record at position " + poison)
          .hasMessageContaining("00000000000000000000.log")
          .hasMessageContaining("run: escrowmq log repair --set store.dir=");
      List<String> told =
          new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings()).repair();
      assertThat(told).anyMatch(line -> line.contains(kind + " record at position " + poison));
      store.start();
    }

    // and the others are there
    assertThat(store.readWhatIsWhole("orders", 0)).as(kind.toString()).containsValue("before");
    store.createTopic("later", 1);
    store.send("later", 0, "after");
    store.stop();
    store.start();
    assertThat(store.readWhatIsWhole("later", 0)).isEqualTo(Map.of(0L, "after"));
    store.state.close();
  }

  private static long appendAny(CommitLog log, RecordKind kind, Random random) {
    byte[] payload = new byte[random.nextInt(200)];
    if (random.nextBoolean()) {
      random.nextBytes(payload);
    }
    int flags = random.nextBoolean() ? 0 : random.nextInt(1 << 16);
    long position =
        log.append(kind, flags, payload.length, Payloads.of(payload)).position();
    log.write();
    return position;
  }
}
