package io.escrowmq.broker.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens at the same time, in the end name servers know what the brokers have: real
 * registrations and real name servers on networks that deliver what and when a seed says.
 */
class ConvergenceTest {

  private static final int ROUNDS = 60;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldConvergeWhateverHappensMeanwhile(long seed) {
    try (RouteWorld world = new RouteWorld(new Random(seed))) {
      for (int round = 0; round < ROUNDS; round++) {
        // when
        world.happen();

        // then: soon, and from then on, at times for longer than a lease
        world.heal();
        world.pass(world.secondsUntilAllKnow());
        assertSame(world, seed, round);
        for (int later = 0; later < (round % 20 == 0 ? 130 : 0); later++) {
          world.tick();
          assertSame(world, seed, round);
          world.pass(1);
        }
      }
    }
  }

  private static void assertSame(RouteWorld world, long seed, int round) {
    Map<String, String> expected = world.expected();
    for (String address : world.servers()) {
      assertThat(world.told(address))
          .as(() -> "seed " + seed + ", round " + round + ", name server " + address + ", "
              + world.story())
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldForgetTwentyTopicsThatAToolDeletesOneAfterTheOther(long seed) {
    try (RouteWorld world = new RouteWorld(new Random(seed), 1, 2)) {
      // given
      RoutedBroker broker = world.broker(0);
      for (int i = 0; i < 20; i++) {
        broker.change("T" + i, 4, 6);
      }
      world.pass(2);

      // when: each in the broker, then at once in each name server
      for (int i = 0; i < 20; i++) {
        String topic = "T" + i;
        for (int step = world.few(); step > 0; step--) {
          world.move();
        }
        FakeCall deletion = broker.requestDeletion(topic);
        for (int step = 0; !deletion.isAnswered(); step++) {
          assertThat(step).as("seed %d, topic %s", seed, topic).isLessThan(1_000);
          world.move();
        }
        world.servers().forEach(address -> world.toolDeletes(address, topic));
      }

      // then: whatever of that is still under way
      broker.network.calm();
      for (String address : world.servers()) {
        assertThat(world.told(address)).as("seed %d", seed).isEqualTo(world.expected());
      }
    }
  }

  @Test
  void shouldBringBackATopicThatAToolDeletedInANameServerAlone() {
    try (RouteWorld world = new RouteWorld(new Random(1), 1, 2)) {
      // given
      world.broker(0).change("T", 4, 6);
      world.pass(2);
      String address = world.servers().get(0);

      // when
      world.toolDeletes(address, "T");
      Map<String, String> without = world.told(address);
      world.pass(12);

      // then
      assertThat(without).doesNotContainKey("T");
      assertThat(world.told(address)).isEqualTo(world.expected());
    }
  }
}
