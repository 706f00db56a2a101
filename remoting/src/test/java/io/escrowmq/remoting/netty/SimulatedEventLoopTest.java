package io.escrowmq.remoting.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SimulatedEventLoopTest {

  private final Simulator world = new Simulator(1);
  private final SimulatedMachine machine = world.machine("a");
  private final SimulatedEventLoop loop = new SimulatedEventLoop(machine);
  private final List<String> done = new ArrayList<>();

  private void then(String what) {
    done.add(what + (loop.inEventLoop() ? " on the loop" : ""));
  }

  @Test
  void shouldDoTasksInTheirOrderAndTimedOnesNotBeforeTheirTime() {
    var unused = loop.schedule(() -> then("late"), 5, TimeUnit.MILLISECONDS);
    loop.execute(() -> {
      loop.execute(() -> then("third"));
      then("first");
    });
    loop.execute(() -> then("second"));

    world.run(Duration.ofMillis(4));
    assertThat(done)
        .containsExactly("first on the loop", "second on the loop", "third on the loop");
    world.run(Duration.ofMillis(2));
    assertThat(done).endsWith("late on the loop").hasSize(4);
  }

  /** As when a write to the disk hangs: other threads go on, this one does nothing else. */
  @Test
  void shouldDoNothingElseWhileTimePassesInATask() {
    SimulatedEventLoop other = new SimulatedEventLoop(machine);
    loop.execute(() -> {
      then("begin");
      other.execute(() -> {
        loop.execute(() -> then("handed over"));
        then("other");
      });
      world.run(Duration.ofSeconds(1));
      then("end");
    });

    world.run(Duration.ofSeconds(2));

    assertThat(done)
        .containsExactly(
            "begin on the loop", "other", "end on the loop", "handed over on the loop");
  }

  @Test
  void shouldGoOnAfterATaskThatFailsAndTellTheWorld() {
    loop.execute(() -> {
      throw new IllegalStateException("as the test wants");
    });
    loop.execute(() -> then("next"));

    world.run(Duration.ofSeconds(1));

    assertThat(done).containsExactly("next on the loop");
    assertThat(world.failures()).hasSize(1);
  }

  @Test
  void shouldDoNothingOnceItsMachineHasCrashed() {
    loop.execute(machine::crash);
    loop.execute(() -> then("too late"));

    world.run(Duration.ofSeconds(1));
    loop.execute(() -> then("much too late"));
    world.run(Duration.ofSeconds(1));

    assertThat(done).isEmpty();
  }
}
