package io.escrowmq.broker.route;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What happens in one round, and how often. Each round has its own: most faults need some others to be
 * rare, since a name server that starts anew, or whose connection ends, forgets what was wrong before.
 */
final class Mixture {

  enum Happening {
    CHANGE,
    DELETE,
    CHANGE_MEANWHILE,
    TOOL_DELETES_EVERYWHERE,
    TOOL_GOES_ON,
    TOOL_DELETES,
    TOOL_REGISTERS,
    LOSE,
    DELIVER_LOST,
    CLOSE_LOST,
    FORGET_LOST,
    TIME_OUT,
    RESTART_SERVER,
    STOP,
    LOSE_POWER,
    START,
    PAUSE,
    REQUEST_ARRIVES,
    SERVER_TURNS,
    ANSWER_ARRIVES,
    TIME_PASSES,
    BROKER_TURNS
  }

  /** What a broker does not see, so that it has to ask. */
  static final EnumSet<Happening> UNSEEN = EnumSet.of(
      Happening.TOOL_DELETES_EVERYWHERE,
      Happening.TOOL_DELETES,
      Happening.TOOL_REGISTERS,
      Happening.DELIVER_LOST);

  static final EnumSet<Happening> ENDS_OF_BROKERS =
      EnumSet.of(Happening.STOP, Happening.LOSE_POWER);

  private static final List<Happening> MOVES = List.of(
      Happening.REQUEST_ARRIVES,
      Happening.SERVER_TURNS,
      Happening.ANSWER_ARRIVES,
      Happening.TIME_PASSES,
      Happening.BROKER_TURNS);

  private final Random random;
  private final Map<Happening, Integer> weights = new EnumMap<>(Happening.class);

  Mixture(Random random) {
    this.random = random;
    for (Happening happening : Happening.values()) {
      weights.put(happening, random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0);
    }
    weights.put(Happening.CHANGE, 1 + random.nextInt(3));
    weights.put(Happening.DELETE, 1 + random.nextInt(3));
    weights.put(Happening.START, 2);
    MOVES.forEach(move -> weights.put(move, 1 + random.nextInt(6)));
  }

  void without(Collection<Happening> some) {
    some.forEach(weights::remove);
  }

  Happening any() {
    int left =
        random.nextInt(weights.values().stream().mapToInt(weight -> weight).sum());
    for (Map.Entry<Happening, Integer> entry : weights.entrySet()) {
      left -= entry.getValue();
      if (left < 0) {
        return entry.getKey();
      }
    }
    throw new AssertionError("nothing happens");
  }

  /** Something that was under way goes on. */
  static Happening aMove(Random random) {
    return MOVES.get(random.nextInt(MOVES.size()));
  }
}
