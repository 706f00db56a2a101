package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.Arrivals;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A core that is shipped, and one feature more, which fails. */
class FailingFeaturesTest {

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ManualClock clock = new ManualClock(1_700_000_000_000L);

  private static final class FailingFeature implements Feature {

    @Override
    public void onTick() {
      throw new IllegalStateException("the tick fails, as the test wants");
    }

    @Override
    public void stop() {
      throw new IllegalStateException("the stop fails, as the test wants");
    }
  }

  @Test
  void shouldRecordWhatWasReportedThoughAFeatureCannotBeStopped() {
    // given: one that is stopped before all others
    BrokerCore core = open();
    core.store.features().add(new FailingFeature());
    core.start();
    core.offsets.offsets().report("readers", "orders", 0, 17);

    // when
    core.store.features().onTick();
    core.close();

    // then
    assertThat(core.host().metrics().read().metrics())
        .filteredOn(metric -> metric.name().equals("escrowmq_failed_features_total"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.value()).isGreaterThanOrEqualTo(2));
    try (BrokerCore again = open()) {
      assertThat(again.offsets.offsets().find("readers", "orders", 0)).isEqualTo(17);
    }
  }

  @Test
  void shouldTellTheOthersOfANewMessageThoughAListenerFails() {
    // given
    TurnedBroker broker = new TurnedBroker(files, clock, 1 << 20, 0);
    List<String> told = new ArrayList<>();
    broker.state.store.features().add(listening(queue -> {
      throw new IllegalStateException("the listener fails, as the test wants");
    }));
    broker.state.store.features().add(listening(queue -> told.add(queue.topic())));

    // when
    broker.send(100, 0);

    // then
    assertThat(told).containsExactly(TurnedBroker.TOPIC);
    assertThat(broker.state.host().metrics().read().metrics())
        .filteredOn(metric -> metric.name().equals("escrowmq_failed_answers_total"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.value()).isEqualTo(1));
    broker.stop();
  }

  private static Feature listening(Arrivals listener) {
    return new Feature() {
      @Override
      public List<Arrivals> arrivals() {
        return List.of(listener);
      }
    };
  }

  private BrokerCore open() {
    return TestCores.open(
        new TestSettings().build(),
        files,
        new StateFiles(files, Path.of("/data/state")),
        clock.surroundings(),
        64 << 20);
  }
}
