package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A sync that hangs has a line in the broker's log while it hangs: one, however long that is. */
class SyncWatchTest {

  private final TestLog broker = new TestLog();
  private final TimedSync sync = new TimedSync(broker.log, broker.clock.ticker());
  private final SyncWatch watch = new SyncWatch(sync);
  private final Logger logger = (Logger) LoggerFactory.getLogger(SyncWatch.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void close() {
    logger.detachAppender(lines);
    broker.close();
  }

  @Test
  void shouldWarnOnceOfASyncThatHangs() {
    // given
    broker.createTopic("orders", 1);
    boolean[] hung = {false};
    broker.files.fault((operation, file) -> {
      if (operation == Operation.SYNC && !hung[0]) {
        hung[0] = true;
        for (int second = 0; second < 60; second++) { // its thread looks once a second
          watch.turn();
          broker.clock.advance(1_000);
        }
      }
    });

    // when
    sync.sync();
    watch.turn();

    // then
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(lines.list.get(0).getFormattedMessage())
        .isEqualTo(
            "the disk hangs: a sync of the log has not ended for 5000 ms; look at the disk's health");
  }
}
