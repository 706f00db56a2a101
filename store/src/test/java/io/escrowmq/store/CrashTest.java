package io.escrowmq.store;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The log on a disk that loses, tears and forgets: what was durable is there, and nothing else. */
final class CrashTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 4096, FlushMode.SYNC);

  @Test
  void shouldKeepWhatWasDurableAndInventNothingWhereverThePowerFails() {
    for (long seed = 0; seed < 250; seed++) {
      // given
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = model(seed, random);
      for (int life = 0; life < 6; life++) {
        model.work(random.nextInt(60));
        model.readSome();

        // when // then: reopening compares
        switch (random.nextInt(5)) {
          case 0 -> model.kill();
          case 1 -> model.closeAndReopen();
          default -> model.crash();
        }
        model.readSome();
      }
    }
  }

  @Test
  void shouldCutTheSameTailAgainAfterASecondCrash() {
    for (long seed = 0; seed < 100; seed++) {
      // given
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = model(seed, random);
      model.work(50);

      // when // then: what one start cut, no later one finds
      model.crash();
      model.crash();
      model.crash();
      model.work(10);
      model.crash();
    }
  }

  @Test
  void shouldNotTakeStaleRecordsForNewOnesOfTheSameLength() {
    for (long seed = 0; seed < 300; seed++) {
      // given: each record ends where one of an earlier life may begin
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = model(seed, random);
      for (int life = 0; life < 8; life++) {
        for (int i = random.nextInt(12); i > 0; i--) {
          model.append(500);
          model.write();
        }

        // when // then: reopening compares
        model.crash();
      }
    }
  }

  private static LogModel model(long seed, Random random) {
    return new LogModel("seed " + seed, new SimulatedFileSystem(seed), SETTINGS, random);
  }
}
