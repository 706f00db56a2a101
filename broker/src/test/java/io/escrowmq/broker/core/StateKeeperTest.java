package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import io.escrowmq.store.state.StateFiles;
import java.io.DataInput;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateKeeperTest {

  private final TestLog broker = new TestLog();
  private final StateFiles states = new StateFiles(broker.files, Path.of("/data/state"));
  private final FailingView view = new FailingView();
  private final StateKeeper keeper =
      new StateKeeper(broker.log, states, List.of(view), broker.clock.ticker());

  private static final class FailingView implements View {

    private boolean fails;

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public Image beginImage() {
      boolean failing = fails;
      return out -> {
        if (failing) {
          throw new IllegalStateException("this image fails, as the test wants");
        }
        out.writeInt(1);
      };
    }

    @Override
    public void restore(DataInput in) {}
  }

  @AfterEach
  void close() {
    broker.close();
  }

  /** Retention waits for state files: one that fails must not be the one that is tried for ever. */
  @Test
  void shouldTakeNewImagesAfterOneThatCouldNotBeWritten() {
    // given
    broker.loop.add(keeper);
    broker.createTopic("orders", 1);
    view.fails = true;
    keeper.ask();
    broker.settle();
    broker.log.sync();
    assertThatThrownBy(keeper.writer()::turn).hasMessageContaining("this image fails");

    // when
    view.fails = false;
    broker.createTopic("more", 1);
    keeper.ask();
    broker.settle();
    broker.log.sync();
    keeper.writer().turn();

    // then
    assertThat(states.newest()).isNotNull();
  }

  /** A broker that is killed each day keeps its times all the same; one that rests writes nothing. */
  @Test
  void shouldWriteOneStateFileAnHourWhileTheLogGrowsAndNoneWhileItRests() {
    // given
    broker.loop.add(keeper);
    broker.createTopic("orders", 1);
    letHoursGoBy(0);
    assertThat(states.positions()).isEmpty();

    // when
    letHoursGoBy(1);

    // then
    assertThat(states.positions()).containsExactly(broker.log.end());

    // when: nothing comes
    long writes = broker.files.writes();
    letHoursGoBy(10);

    // then
    assertThat(broker.files.writes()).isEqualTo(writes);

    // when
    broker.createTopic("more", 1);
    letHoursGoBy(1);

    // then
    assertThat(states.positions()).hasSize(2).contains(broker.log.end());
  }

  private void letHoursGoBy(int hours) {
    for (int hour = 0; hour <= hours; hour++) {
      keeper.askIfOld();
      broker.settle();
      broker.log.sync();
      keeper.writer().turn();
      if (hour < hours) {
        broker.clock.advance(StateKeeper.EVERY_MILLIS);
      }
    }
  }
}
