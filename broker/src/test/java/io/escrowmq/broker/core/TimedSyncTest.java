package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimedSyncTest {

  private final TestLog broker = new TestLog();
  private final TimedSync sync = new TimedSync(broker.log, broker.clock.ticker());
  private final List<@Nullable String> told = new ArrayList<>();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldTellOfASyncThatHangsOnceAndWhileItHangs() {
    for (int hang = 0; hang < 2; hang++) {
      // given
      told.clear();
      broker.createTopic("orders" + hang, 1);
      duringTheSync(() -> {
        broker.clock.advance(4_999);
        told.add(sync.hanging());
        broker.clock.advance(1);
        told.add(sync.hanging());
        broker.clock.advance(60_000);
        told.add(sync.hanging());
      });

      // when
      sync.sync();
      told.add(sync.hanging());

      // then
      assertThat(told)
          .containsExactly(
              null,
              "the disk hangs: a sync of the log has not ended for 5000 ms; look at the disk's health",
              null,
              null);
    }
  }

  @Test
  void shouldTellOfNothingAfterASyncThatFailed() {
    // given
    broker.createTopic("orders", 1);
    duringTheSync(() -> {
      throw new StorageException(StorageException.Reason.IO, "no disk");
    });

    // when
    try {
      sync.sync();
    } catch (StorageException e) {
      told.add(e.getMessage());
    }
    broker.clock.advance(60_000);

    // then
    assertThat(told).hasSize(1);
    assertThat(sync.hanging()).isNull();
  }

  private void duringTheSync(Runnable event) {
    boolean[] done = {false};
    broker.files.fault((operation, file) -> {
      if (operation == Operation.SYNC && !done[0]) {
        done[0] = true;
        event.run();
      }
    });
  }
}
