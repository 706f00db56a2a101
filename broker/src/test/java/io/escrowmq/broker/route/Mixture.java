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

  enum Event {
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
  static final EnumSet<Event> UNSEEN = EnumSet.of(
      Event.TOOL_DELETES_EVERYWHERE, Event.TOOL_DELETES, Event.TOOL_REGISTERS, Event.DELIVER_LOST);

  static final EnumSet<Event> ENDS_OF_BROKERS = EnumSet.of(Event.STOP, Event.LOSE_POWER);

  private static final List<Event> MOVES = List.of(
      Event.REQUEST_ARRIVES,
      Event.SERVER_TURNS,
      Event.ANSWER_ARRIVES,
      Event.TIME_PASSES,
      Event.BROKER_TURNS);

  private final Random random;
  private final Map<Event, Integer> weights = new EnumMap<>(Event.class);

  Mixture(Random random) {
    this.random = random;
    for (Event happening : Event.values()) {
      weights.put(happening, random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0);
    }
    weights.put(Event.CHANGE, 1 + random.nextInt(3));
    weights.put(Event.DELETE, 1 + random.nextInt(3));
    weights.put(Event.START, 2);
    MOVES.forEach(move -> weights.put(move, 1 + random.nextInt(6)));
  }

  void without(Collection<Event> some) {
    some.forEach(weights::remove);
  }

  Event any() {
    int left =
        random.nextInt(weights.values().stream().mapToInt(weight -> weight).sum());
    for (Map.Entry<Event, Integer> entry : weights.entrySet()) {
      left -= entry.getValue();
      if (left < 0) {
        return entry.getKey();
      }
    }
    throw new AssertionError("nothing happens");
  }

  /** Something that was under way goes on. */
  static Event aMove(Random random) {
    return MOVES.get(random.nextInt(MOVES.size()));
  }
}
