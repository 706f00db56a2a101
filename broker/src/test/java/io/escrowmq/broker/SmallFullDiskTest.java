package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.intake.MessageIntake;
import io.escrowmq.broker.intake.Receipt;
import io.escrowmq.broker.intake.TestMessages;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.message.UniqueIds;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The log alone has filled a small disk: retention waits for state files, and these for room. An
 * operator who lowers the limit gets a working broker back.
 */
class SmallFullDiskTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
  private static final long DISK_BYTES = 6 << 20;
  private static final int MOST_SENDS = 10_000;
  private static final long FIVE_MINUTES = 300_000;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  /** A broker's durable side, turned by the test. */
  private final class OpenBroker {
    final StateFiles states = new StateFiles(files, DIRECTORY.resolve("state"));
    final BrokerCore state =
        TestCores.open(BrokerStateTest.settings(), files, states, clock.surroundings(), 64 << 20);
    final LogLoop loop = state.store.loop();
    final StateKeeper keeper = state.upkeep().states();
    final MessageIntake intake = new MessageIntake(
        loop, state.store.queueViews(), state.topics.catalog(), TestLog.ANY_DELAYS);
    private @Nullable String refusal;

    OpenBroker() {
      loop.add(keeper);
      loop.add(new RetentionDuty(
          state.store.log(),
          state.store.queues(),
          state.store.keys(),
          keeper,
          state.store.ages(),
          new EscrowRenewal(state.store.log(), List.of(state.delays.delayed()))));
    }

    boolean sends(int bytes) {
      MessageForge forge =
          new MessageForge(HOST, "C", new UniqueIds(HOST.getAddress(), 1, 1, clock));
      byte[] message = TestMessages.encode(
          forge,
          "t",
          0,
          0,
          0,
          clock.millis(),
          HOST,
          0,
          ByteBuffer.allocate(bytes),
          forge.complete(""));
      refusal = null;
      intake.offer(
          "t",
          Topic.of("t", 1, Topic.READ | Topic.WRITE),
          0,
          EncodedMessages.of(message),
          0,
          new MessageAppend.Outcome() {
            @Override
            public void stored(Receipt where) {}

            @Override
            public void refused(Refusal why) {
              refusal = RefusalPage.words(why);
            }
          });
      turn();
      return refusal == null;
    }

    void turn() {
      while (loop.turn() > 0) {
        // each turn is bounded
      }
    }

    void letTimePass(long millis) {
      for (long passed = 0; passed < millis; passed += 1_000) {
        clock.advance(1_000);
        turn();
        state.store.log().sync();
        keeper.writer().turn();
      }
    }

    void keepAMegabyte() {
      state
          .host()
          .settings()
          .retention()
          .change(new RetentionSettings(Duration.ofDays(3), 1 << 20));
    }
  }

  @Test
  void shouldWorkAgainWhenTheLimitIsLowered() {
    // given
    OpenBroker running = started();
    fillTheDisk(running);

    // when
    running.keepAMegabyte();
    running.letTimePass(FIVE_MINUTES);

    // then
    assertThat(running.state.store.log().start()).isPositive();
    assertThat(running.sends(3_000)).isTrue();
  }

  /** Then nothing was recorded since the start, and nothing can be. */
  @Test
  void shouldWorkAgainWhenTheLimitIsLoweredAfterARestart() {
    // given
    fillTheDisk(started());
    files.kill();
    files.capacity(files.usedBytes());
    OpenBroker running = started();

    // when
    running.keepAMegabyte();
    running.letTimePass(FIVE_MINUTES);

    // then
    assertThat(running.state.store.log().start()).isPositive();
    assertThat(running.sends(3_000)).isTrue();
  }

  private OpenBroker started() {
    return new OpenBroker();
  }

  private void fillTheDisk(OpenBroker running) {
    files.capacity(DISK_BYTES);
    int sent = 0;
    while (running.sends(3_000)) {
      assertThat(++sent).as("the disk is full some day").isLessThan(MOST_SENDS);
    }
    running.letTimePass(5_000);
    files.capacity(files.usedBytes()); // others took what was left
  }
}
