package io.escrowmq.runtime;

import java.time.InstantSource;
import java.util.function.BiConsumer;

/**
 * What a program gets from its machine besides files and network.
 *
 * @param clock the wall clock: for what people and other machines read, never for a span
 * @param ticker for spans
 */
public record Surroundings(InstantSource clock, Ticker ticker, Loops loops, Chance chance) {

  /**
   * The real ones.
   *
   * @param failures is told the name of a loop or pool and what it has thrown; whatever that was, its
   *     thread goes on
   */
  public static Surroundings ofThisMachine(BiConsumer<String, Throwable> failures) {
    return new Surroundings(
        InstantSource.system(), Ticker.ofThisMachine(), new Threads(failures), new SystemChance());
  }

  /** The same with another clock and ticker. */
  public Surroundings withTime(InstantSource otherClock, Ticker otherTicker) {
    return new Surroundings(otherClock, otherTicker, loops, chance);
  }

  /** A worker whose loop goes by this ticker. */
  public Worker worker(String name) {
    return loops.worker(name, ticker);
  }
}
